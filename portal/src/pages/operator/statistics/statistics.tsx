import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Choice } from '../../../kit/choice.tsx';
import { Show } from '../../../kit/loading.tsx';
import { Page } from '../../../kit/page.tsx';
import { useResource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { asOperator } from '../as-operator.ts';
import { OperatorPlaces } from '../operator-places.tsx';
import { ownClock, periodName, queryOf, type RangeName, ranges, type Shown } from './buckets.ts';
import {
  ChallengesCard,
  ConsentsCard,
  FactorsCard,
  MessagesCard,
  OperatorsCard,
  RegistrationsCard,
  SignInsCard,
} from './cards.tsx';
import { type Statistics, soFar } from './counts.ts';
import { Headlines } from './headlines.tsx';
import { NetworksCard } from './networks-card.tsx';
import '../operator.css';

const names = Object.keys(ranges) as readonly RangeName[];

/** What happens in the whole installation, from the aggregates of the audit stream. */
export default function StatisticsPage() {
  const [shown, setShown] = useState<Shown>({ range: 'week' });
  const { range, day } = shown;
  const statistics = useResource(async () => {
    const now = Date.now();
    const query = queryOf(shown, now);
    return soFar(await asOperator(() => api.call('GET /v1/admin/statistics', { query })), now);
  }, [range, day]);
  const closer = (at: string) => {
    setShown({ range, day: at.slice(0, 10) });
    scrollTo({ top: 0 });
  };
  return (
    <Page title={text('operator', 'title')} lead={text('operator', 'lead')}>
      <OperatorPlaces />
      <div class="ranges">
        <Choice
          label={text('operator', 'range')}
          value={day === undefined ? range : undefined}
          onValue={(name) => setShown({ range: name })}
          options={names.map((name) => ({ value: name, label: text('operator', `range.${name}`) }))}
        />
      </div>
      {day !== undefined && (
        <Button class="narrow" onClick={() => setShown({ range })}>
          {text('operator', 'range.back', { range: text('operator', `range.${range}`) })}
        </Button>
      )}
      <Show of={statistics} lines={16}>
        {(value: Statistics) => (
          <div class="cards">
            <Period of={value} />
            <Headlines of={value} />
            <SignInsCard of={value} {...(value.step === 'day' && { onDay: closer })} />
            <NetworksCard of={value} key={value.from} />
            <ChallengesCard of={value} {...(value.step === 'day' && { onDay: closer })} />
            <RegistrationsCard of={value} {...(value.step === 'day' && { onDay: closer })} />
            <ConsentsCard of={value} {...(value.step === 'day' && { onDay: closer })} />
            <FactorsCard of={value} />
            <MessagesCard of={value} {...(value.step === 'day' && { onDay: closer })} />
            <OperatorsCard of={value} />
          </div>
        )}
      </Show>
    </Page>
  );
}

/** Of the numbers on the page, whatever was asked for since. */
function Period({ of: { from, to, step } }: { readonly of: Statistics }) {
  const own = ownClock(Date.now());
  return (
    <p class="period" role="status">
      <strong>{periodName(from, to)}</strong> <span class="muted">{text('operator', `period.${step}`)}</span>
      {own && <span class="muted"> {text('operator', 'period.ownClock', { own })}</span>}
    </p>
  );
}
