import { useState } from 'preact/hooks';
import { Page } from '../../../kit/page.tsx';
import { text } from '../../../text/text.ts';
import { OperatorPlaces } from '../operator-places.tsx';
import { ActivityCard } from './activity-card.tsx';
import { ActsCard } from './acts-card.tsx';
import { ConsentsCard } from './consents-card.tsx';
import { type Found, lookUp } from './found.ts';
import { LookUp } from './look-up.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { StateCard } from './state-card.tsx';
import '../operator.css';

/** One person, as operators see them. Nothing of it is in an address, so a reload begins anew. */
export default function PersonPage() {
  const [found, setFound] = useState<Found>();
  /** What an act changed is shown by looking up again, for the same reason. */
  const again = async () => found && setFound(await lookUp({ sub: found.person.sub }, found.reason));
  return (
    <Page title={text('operator', 'person.title')} lead={text('operator', 'person.lead')}>
      <OperatorPlaces />
      <LookUp onFound={setFound} />
      {found && (
        <div class="cards" key={found.person.sub}>
          <StateCard person={found.person} />
          <ActsCard person={found.person} onDone={again} />
          <SessionsCard sessions={found.person.sessions} />
          <ActivityCard found={found} />
          <ConsentsCard found={found} />
        </div>
      )}
    </Page>
  );
}
