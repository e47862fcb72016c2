import { Card } from '../../../kit/card.tsx';
import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { type Family, rankedBy, type Statistics, seriesOf, sumOf } from './counts.ts';
import { Funnel } from './funnel.tsx';
import { Plot } from './plot.tsx';
import { Ranking } from './ranking.tsx';
import { Scroll } from './scroll.tsx';
import {
  actName,
  counterName,
  countryName,
  doorName,
  factorName,
  mailName,
  methodName,
  money,
  reasonName,
} from './words.ts';

interface CardProps {
  readonly of: Statistics;
  readonly step: 'hour' | 'day';
}

/** Counters of a family over time. */
function FamilyPlot({
  of,
  step,
  family,
  counters,
  title,
}: CardProps & { family: Family; counters: readonly string[]; title: string }) {
  const buckets = of.families[family];
  return (
    <Plot
      title={title}
      step={step}
      at={buckets.map(({ at }) => at)}
      series={seriesOf(buckets, counters, (counter) => counterName(family, counter))}
    />
  );
}

export function RegistrationsCard(props: CardProps) {
  const { registrations } = props.of.families;
  const funnel = ['requested', 'confirmed', 'first-sign-in'];
  return (
    <Card title={text('operator', 'registrations')}>
      <Funnel
        steps={funnel.map((counter) => ({
          label: counterName('registrations', counter),
          count: sumOf(registrations, counter),
        }))}
      />
      <FamilyPlot
        {...props}
        family="registrations"
        counters={['confirmed', 'refused', 'expired', 'address-taken']}
        title={text('operator', 'registrations.plot')}
      />
      <Ranking
        title={text('operator', 'refusedBecause')}
        of={rankedBy(registrations, 'refused')}
        label={reasonName}
      />
    </Card>
  );
}

export function SignInsCard(props: CardProps) {
  const { signIns } = props.of.families;
  return (
    <Card title={text('operator', 'signIns')}>
      <FamilyPlot
        {...props}
        family="signIns"
        counters={['succeeded', 'refused', 'locked']}
        title={text('operator', 'signIns.plot')}
      />
      <div class="columns">
        <Ranking title={text('operator', 'byMethod')} of={rankedBy(signIns, 'method')} label={methodName} />
        <Ranking title={text('operator', 'byDoor')} of={rankedBy(signIns, 'door')} label={doorName} />
      </div>
    </Card>
  );
}

export function ChallengesCard(props: CardProps) {
  const { challenges, denials } = props.of.families;
  return (
    <Card title={text('operator', 'challenges')}>
      <Plot
        title={text('operator', 'challenges.plot')}
        step={props.step}
        at={challenges.map(({ at }) => at)}
        series={[
          ...seriesOf(challenges, ['asked'], () => text('operator', 'count.challenges.asked')),
          ...seriesOf(denials, ['all'], () => text('operator', 'count.denials.all')),
        ]}
      />
      <div class="columns">
        <Ranking
          title={text('operator', 'challengedBecause')}
          of={rankedBy(challenges, 'reason')}
          label={reasonName}
        />
        <Ranking
          title={text('operator', 'deniedBecause')}
          of={rankedBy(denials, 'reason')}
          label={reasonName}
        />
        <Ranking
          title={text('operator', 'passedBy')}
          of={rankedBy(challenges, 'passed')}
          label={methodName}
        />
        <Ranking
          title={text('operator', 'rejectedBy')}
          of={rankedBy(challenges, 'rejected')}
          label={methodName}
        />
      </div>
    </Card>
  );
}

export function ConsentsCard({ of, step }: CardProps) {
  const { consents, factors } = of.families;
  const counters = [...new Set(consents.flatMap(({ counts }) => Object.keys(counts)))];
  const all = (decision: string) => ({
    name: decision,
    label: text('operator', `count.consents.${decision}` as never),
    values: consents.map(({ counts }) =>
      counters
        .filter((counter) => counter.startsWith(`${decision}:`))
        .reduce((total, counter) => total + (counts[counter] ?? 0), 0),
    ),
  });
  return (
    <Card title={text('operator', 'consents')}>
      <Plot
        title={text('operator', 'consents.plot')}
        step={step}
        at={consents.map(({ at }) => at)}
        series={[all('granted'), all('withdrawn')]}
      />
      <div class="columns">
        <Ranking
          title={text('operator', 'granted')}
          of={rankedBy(consents, 'granted')}
          label={(name) => name}
        />
        <Ranking
          title={text('operator', 'withdrawn')}
          of={rankedBy(consents, 'withdrawn')}
          label={(name) => name}
        />
        <Ranking
          title={text('operator', 'factorsAdded')}
          of={rankedBy(factors, 'enrolled')}
          label={factorName}
        />
        <Ranking
          title={text('operator', 'factorsRemoved')}
          of={rankedBy(factors, 'removed')}
          label={factorName}
        />
      </div>
    </Card>
  );
}

export function MessagesCard({ of, step }: CardProps) {
  const { messages, spend } = of.families;
  const mails = spend.map(({ counts }) => counts.mail ?? 0);
  const texts = spend.map(({ counts }) =>
    Object.entries(counts).reduce(
      (total, [name, value]) => (name.startsWith('sms:') ? total + value : total),
      0,
    ),
  );
  return (
    <Card title={text('operator', 'messages')}>
      <Plot
        title={text('operator', 'messages.plot')}
        step={step}
        at={spend.map(({ at }) => at)}
        show={money}
        series={[
          { name: 'mail', label: text('operator', 'messages.mail'), values: mails },
          { name: 'sms', label: text('operator', 'messages.sms'), values: texts },
        ]}
      />
      <p class="hint">{text('operator', 'messages.estimate')}</p>
      <div class="columns">
        <Ranking
          title={text('operator', 'messages.kinds')}
          of={rankedBy(messages, 'mail')}
          label={mailName}
        />
        <Ranking
          title={text('operator', 'messages.countries')}
          of={rankedBy(spend, 'sms')}
          label={countryName}
          show={money}
        />
        <Ranking
          title={text('operator', 'messages.refused')}
          of={rankedBy(messages, 'sms-refused')}
          label={reasonName}
        />
      </div>
    </Card>
  );
}

export function NetworksCard({ of }: Pick<CardProps, 'of'>) {
  const { topNetworks, unlistedAtMost } = of;
  return (
    <Card title={text('operator', 'networks')}>
      <p class="hint">{text('operator', 'networks.hint')}</p>
      {topNetworks.length === 0 ? (
        <p class="muted small">{text('operator', 'nothing')}</p>
      ) : (
        <Scroll label={text('operator', 'networks.network')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text('operator', 'networks.network')}</th>
                <th scope="col">{text('operator', 'networks.events')}</th>
                <th scope="col">{text('operator', 'networks.refused')}</th>
              </tr>
            </thead>
            <tbody>
              {topNetworks.map(({ network, count, refused }) => (
                <tr key={network}>
                  <th scope="row">
                    <code>{network}</code>
                  </th>
                  <td>{number(count)}</td>
                  <td>{number(refused)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {unlistedAtMost > 0 && (
        <p class="hint">{text('operator', 'networks.unlisted', { count: unlistedAtMost })}</p>
      )}
    </Card>
  );
}

export function OperatorsCard({ of }: Pick<CardProps, 'of'>) {
  const { operators, sessions, recoveries } = of.families;
  const steps = ['requested', 'completed', 'reset-requested', 'reset'].map((name) => ({
    name,
    count: sumOf(recoveries, name),
  }));
  return (
    <Card title={text('operator', 'acts')}>
      <div class="columns">
        <Ranking title={text('operator', 'acts.what')} of={rankedBy(operators, 'act')} label={actName} />
        <Ranking title={text('operator', 'acts.why')} of={rankedBy(operators, 'reason')} label={reasonName} />
        <Ranking
          title={text('operator', 'sessionsEnded')}
          of={rankedBy(sessions, 'reason')}
          label={reasonName}
        />
        <Ranking
          title={text('operator', 'recoveries')}
          of={steps.filter(({ count }) => count > 0)}
          label={(name) => counterName('recoveries', name)}
        />
      </div>
    </Card>
  );
}
