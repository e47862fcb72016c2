import { useState } from 'preact/hooks';
import { IdentityProblem } from '../../../../../client/index.ts';
import { Button } from '../../../kit/button.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { Page } from '../../../kit/page.tsx';
import { ProblemNotice } from '../../../kit/problem-notice.tsx';
import { useAction } from '../../../kit/use-action.ts';
import { text } from '../../../text/text.ts';
import { OperatorPlaces } from '../operator-places.tsx';
import { ActivityCard } from './activity-card.tsx';
import { ActsCard } from './acts-card.tsx';
import { ConsentsCard } from './consents-card.tsx';
import { type Found, lookUp } from './found.ts';
import { LookUp } from './look-up.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { StateCard } from './state-card.tsx';
import { zoneName } from './times.ts';
import '../operator.css';

/** One person, as operators see them. Nothing of it is in an address, so a reload begins anew. */
export default function PersonPage() {
  const [found, setFound] = useState<Found>();
  const [isGone, setGone] = useState(false);
  const show = (next: Found | undefined) => {
    setGone(false);
    setFound(next);
  };
  /** What has changed is shown by looking up again, for the same reason. */
  const again = useAction(async () => {
    if (!found) return;
    try {
      show(await lookUp({ sub: found.person.sub }, found.reason));
    } catch (error) {
      if (!(error instanceof IdentityProblem && error.code === 'ACCOUNT_UNKNOWN')) throw error;
      setFound(undefined);
      setGone(true);
    }
  });
  return (
    <Page title={text('operator', 'person.title')} lead={text('operator', 'person.lead')}>
      <OperatorPlaces />
      <LookUp onFound={show} />
      {isGone && <Notice kind="warning">{text('operator', 'stale.ACCOUNT_UNKNOWN')}</Notice>}
      <ProblemNotice error={again.error} area="operator" />
      {found && (
        <div class="cards" key={found.person.sub}>
          <p class="period muted">{text('operator', 'person.zone', { zone: zoneName(Date.now()) })}</p>
          <OthersNotice found={found} onFound={show} />
          <StateCard person={found.person} />
          <ActsCard person={found.person} onChanged={again.run} />
          <SessionsCard sessions={found.person.sessions} />
          <ActivityCard found={found} />
          <ConsentsCard found={found} />
        </div>
      )}
    </Page>
  );
}

interface OthersProps {
  readonly found: Found;
  readonly onFound: (found: Found) => void;
}

/** One address may stand on several accounts; the caller may mean another one. */
function OthersNotice({ found: { person, reason }, onFound }: OthersProps) {
  const open = useAction(async (sub: string) => onFound(await lookUp({ sub }, reason)));
  if (person.others.length === 0) return null;
  return (
    <Notice kind="warning">
      {text('operator', 'person.others')}
      <ul class="plain">
        {person.others.map((sub) => (
          <li key={sub}>
            <Button look="link" busy={open.busy} onClick={() => open.run(sub)}>
              <code>{sub}</code>
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNotice error={open.error} area="operator" />
    </Notice>
  );
}
