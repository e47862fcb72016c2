import { useState } from 'preact/hooks';
import { Choice } from '../../../kit/choice.tsx';
import { Show } from '../../../kit/loading.tsx';
import { Page } from '../../../kit/page.tsx';
import { useResource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { asOperator } from '../as-operator.ts';
import { OperatorPlaces } from '../operator-places.tsx';
import { datesOf, type RangeName, ranges } from './buckets.ts';
import {
  ChallengesCard,
  ConsentsCard,
  MessagesCard,
  NetworksCard,
  OperatorsCard,
  RegistrationsCard,
  SignInsCard,
} from './cards.tsx';
import type { Statistics } from './counts.ts';
import '../operator.css';

const names = Object.keys(ranges) as readonly RangeName[];

/** What happens in the whole installation, from the aggregates of the audit stream. */
export default function StatisticsPage() {
  const [range, setRange] = useState<RangeName>('week');
  const { step } = ranges[range];
  const statistics = useResource(
    () =>
      asOperator(() =>
        api.call('GET /v1/admin/statistics', { query: { ...datesOf(range, Date.now()), step } }),
      ),
    [range],
  );
  return (
    <Page title={text('operator', 'title')} lead={text('operator', 'lead')}>
      <OperatorPlaces />
      <div class="ranges">
        <Choice
          label={text('operator', 'range')}
          value={range}
          onValue={setRange}
          options={names.map((name) => ({ value: name, label: text('operator', `range.${name}`) }))}
        />
      </div>
      <Show of={statistics} lines={16}>
        {(value: Statistics) => (
          <div class="cards">
            <RegistrationsCard of={value} step={step} />
            <SignInsCard of={value} step={step} />
            <ChallengesCard of={value} step={step} />
            <ConsentsCard of={value} step={step} />
            <MessagesCard of={value} step={step} />
            <NetworksCard of={value} />
            <OperatorsCard of={value} />
          </div>
        )}
      </Show>
    </Page>
  );
}
