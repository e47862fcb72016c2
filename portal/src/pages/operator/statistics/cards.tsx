import type { ComponentChildren } from 'preact';
import { Card } from '../../../kit/card.tsx';
import { text } from '../../../text/text.ts';
import { type Family, rankedBy, type Statistics, seriesOf, sumOf, sumsBy } from './counts.ts';
import { Funnel } from './funnel.tsx';
import { Plot } from './plot.tsx';
import { Ranking } from './ranking.tsx';
import { Rankings } from './rankings.tsx';
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

export interface CardProps {
  readonly of: Statistics;
  /** Looks at one day hour by hour. */
  readonly onDay?: (at: string) => void;
}

const Hint = ({ children }: { readonly children: ComponentChildren }) => <p class="hint">{children}</p>;

/** Counters of a family over time. */
function FamilyPlot({
  of: { families, step },
  onDay,
  family,
  counters,
  title,
}: CardProps & { family: Family; counters: readonly string[]; title: string }) {
  const buckets = families[family];
  return (
    <Plot
      title={title}
      step={step}
      at={buckets.map(({ at }) => at)}
      series={seriesOf(buckets, counters, (counter) => counterName(family, counter))}
      {...(onDay && { onDay })}
    />
  );
}

export function RegistrationsCard(props: CardProps) {
  const { registrations } = props.of.families;
  const funnel = ['requested', 'confirmed', 'first-sign-in'];
  return (
    <Card title={text('operator', 'registrations')} place="registrations">
      <Funnel
        steps={funnel.map((counter) => ({
          label: counterName('registrations', counter),
          count: sumOf(registrations, counter),
        }))}
      />
      <Hint>{text('operator', 'registrations.hint')}</Hint>
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
    <Card title={text('operator', 'signIns')} place="sign-ins">
      <FamilyPlot
        {...props}
        family="signIns"
        counters={['succeeded', 'refused', 'locked']}
        title={text('operator', 'signIns.plot')}
      />
      <Hint>{text('operator', 'signIns.hint')}</Hint>
      <Rankings
        of={[
          { title: text('operator', 'byMethod'), of: signIns, prefix: 'method', label: methodName },
          { title: text('operator', 'byDoor'), of: signIns, prefix: 'door', label: doorName },
          { title: text('operator', 'refusedByDoor'), of: signIns, prefix: 'refused-door', label: doorName },
        ]}
      />
    </Card>
  );
}

export function ChallengesCard({ of, onDay }: CardProps) {
  const { challenges, denials } = of.families;
  return (
    <Card title={text('operator', 'challenges')} place="challenges">
      <Plot
        title={text('operator', 'challenges.plot')}
        step={of.step}
        at={challenges.map(({ at }) => at)}
        series={[
          ...seriesOf(challenges, ['asked'], () => text('operator', 'count.challenges.asked')),
          ...seriesOf(denials, ['all'], () => text('operator', 'count.denials.all')),
        ]}
        {...(onDay && { onDay })}
      />
      <Hint>{text('operator', 'challenges.hint')}</Hint>
      <Rankings
        of={[
          {
            title: text('operator', 'challengedBecause'),
            of: challenges,
            prefix: 'reason',
            label: reasonName,
          },
          { title: text('operator', 'deniedBecause'), of: denials, prefix: 'reason', label: reasonName },
          { title: text('operator', 'passedBy'), of: challenges, prefix: 'passed', label: methodName },
          { title: text('operator', 'rejectedBy'), of: challenges, prefix: 'rejected', label: methodName },
        ]}
      />
    </Card>
  );
}

/** Purposes have no other name here than that of the configuration. */
const asItIs = (name: string): string => name;

export function ConsentsCard({ of, onDay }: CardProps) {
  const { consents } = of.families;
  return (
    <Card title={text('operator', 'consents')} place="consents">
      <Plot
        title={text('operator', 'consents.plot')}
        step={of.step}
        at={consents.map(({ at }) => at)}
        series={(['granted', 'withdrawn'] as const).map((decision) => ({
          name: decision,
          label: text('operator', `count.consents.${decision}`),
          values: sumsBy(consents, `${decision}:`),
        }))}
        {...(onDay && { onDay })}
      />
      <Rankings
        of={[
          { title: text('operator', 'granted'), of: consents, prefix: 'granted', label: asItIs },
          { title: text('operator', 'withdrawn'), of: consents, prefix: 'withdrawn', label: asItIs },
        ]}
      />
    </Card>
  );
}

export function FactorsCard({ of }: CardProps) {
  const { factors, recoveries } = of.families;
  const steps = ['requested', 'completed', 'reset-requested', 'reset'].map((name) => ({
    name,
    count: sumOf(recoveries, name),
  }));
  return (
    <Card title={text('operator', 'factors')}>
      <Rankings
        of={[
          { title: text('operator', 'factorsAdded'), of: factors, prefix: 'enrolled', label: factorName },
          { title: text('operator', 'factorsRemoved'), of: factors, prefix: 'removed', label: factorName },
        ]}
      />
      <Ranking
        title={text('operator', 'recoveries')}
        of={steps.filter(({ count }) => count > 0)}
        label={(name) => counterName('recoveries', name)}
      />
    </Card>
  );
}

export function MessagesCard({ of, onDay }: CardProps) {
  const { messages, spend } = of.families;
  return (
    <Card title={text('operator', 'messages')} place="messages">
      <Plot
        title={text('operator', 'messages.plot')}
        step={of.step}
        at={spend.map(({ at }) => at)}
        show={money}
        series={[
          { name: 'mail', label: text('operator', 'messages.mail'), values: sumsBy(spend, 'mail') },
          { name: 'sms', label: text('operator', 'messages.sms'), values: sumsBy(spend, 'sms:') },
        ]}
        {...(onDay && { onDay })}
      />
      <Hint>{text('operator', 'messages.estimate')}</Hint>
      <Rankings
        of={[
          { title: text('operator', 'messages.kinds'), of: messages, prefix: 'mail', label: mailName },
          {
            title: text('operator', 'messages.countries'),
            of: spend,
            prefix: 'sms',
            label: countryName,
            show: money,
          },
          {
            title: text('operator', 'messages.refused'),
            of: messages,
            prefix: 'sms-refused',
            label: reasonName,
          },
        ]}
      />
    </Card>
  );
}

export function OperatorsCard({ of }: CardProps) {
  const { operators, sessions } = of.families;
  return (
    <Card title={text('operator', 'acts')}>
      <Rankings
        of={[
          { title: text('operator', 'acts.what'), of: operators, prefix: 'act', label: actName },
          { title: text('operator', 'acts.why'), of: operators, prefix: 'reason', label: reasonName },
          { title: text('operator', 'acts.refused'), of: operators, prefix: 'refused', label: actName },
          { title: text('operator', 'sessionsEnded'), of: sessions, prefix: 'reason', label: reasonName },
        ]}
      />
    </Card>
  );
}
