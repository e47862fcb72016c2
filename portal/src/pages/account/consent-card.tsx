import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../kit/button.tsx';
import { Done } from '../../kit/done.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { Badge } from '../../kit/rows.tsx';
import { useAction } from '../../kit/use-action.ts';
import { api } from '../../session/api.ts';
import { listOf } from '../../text/intl.ts';
import { text } from '../../text/text.ts';
import type { Consent } from './attention.ts';
import {
  type Answered,
  type ConsentState,
  grantOf,
  standingLine,
  stateOf,
  withAnswer,
} from './consent-state.ts';

export interface ConsentCardProps {
  readonly consent: Consent;
  /** Labels of the values that a withdrawal would erase. */
  readonly kept: readonly string[];
  readonly onAnswered: () => void;
}

type Decision = 'granted' | 'withdrawn';
type Said = 'done.granted' | 'done.withdrawn' | 'done.declined';

const badges = {
  contract: 'plain',
  'contract-open': 'warning',
  granted: 'done',
  changed: 'warning',
  open: 'plain',
  refused: 'plain',
} as const satisfies Record<ConsentState, string>;

/** One purpose: the exact text, where the person stands, and the one button that changes it. */
export function ConsentCard({ consent: read, kept, onAnswered }: ConsentCardProps) {
  const [answered, setAnswered] = useState<Answered>();
  const consent = withAnswer(read, answered);
  const { purpose, label: name = purpose } = consent;
  const state = stateOf(consent);
  const card = useWanted(purpose);
  /** What was just answered in place of the opposite, so that one click takes it back. */
  const [said, setSaid] = useState<Said>();
  const [undoable, setUndoable] = useState<Decision>();
  const answer = useAction(async (decision: Decision) => {
    const body = decision === 'granted' ? grantOf(consent) : { decision };
    setAnswered(await api.call('PUT /v1/me/consents/{purpose}', { params: { purpose }, body }));
    setSaid(
      decision === 'granted' ? 'done.granted' : state === 'granted' ? 'done.withdrawn' : 'done.declined',
    );
    setUndoable(decision === 'granted' || state === 'granted' ? decision : undefined);
    onAnswered();
  });
  const heading = `name-${purpose}`;
  return (
    <section class="card" ref={card} tabIndex={-1} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{name}</h2>
        <Badge kind={badges[state]}>{text('privacy', `state.${state}`)}</Badge>
      </header>
      <blockquote class="consent-text" lang={consent.language}>
        {consent.text}
      </blockquote>
      <p class="hint">{standingLine(consent)}</p>
      {state === 'granted' && kept.length > 0 && (
        <p class="hint">{text('privacy', 'withdraw.erases', { fields: listOf(kept) })}</p>
      )}
      <Done>{said && !answer.busy && text('privacy', said)}</Done>
      <ProblemNotice error={answer.error} area="privacy" />
      <ConsentButtons
        state={state}
        busy={answer.busy}
        undoable={undoable}
        describedBy={heading}
        onAnswer={(decision) => answer.run(decision)}
      />
    </section>
  );
}

interface ConsentButtonsProps {
  readonly state: ConsentState;
  readonly busy: boolean;
  readonly undoable: Decision | undefined;
  readonly describedBy: string;
  readonly onAnswer: (decision: Decision) => void;
}

function ConsentButtons({ state, busy, undoable, describedBy, onAnswer }: ConsentButtonsProps) {
  if (state === 'contract') return null;
  const button = (decision: Decision, label: string, look: 'primary' | 'secondary') => (
    <Button
      key={decision}
      look={look}
      busy={busy}
      aria-describedby={describedBy}
      onClick={() => onAnswer(decision)}
    >
      {label}
    </Button>
  );
  const no = state === 'open' || state === 'changed';
  return (
    <div class="actions">
      {state === 'granted'
        ? button('withdrawn', text('privacy', undoable === 'granted' ? 'undo' : 'withdraw'), 'secondary')
        : button(
            'granted',
            text(
              'privacy',
              undoable === 'withdrawn' ? 'undo' : state === 'contract-open' ? 'accept' : 'grant',
            ),
            // A yes to a consent is no more inviting than a no.
            state === 'contract-open' ? 'primary' : 'secondary',
          )}
      {no && button('withdrawn', text('privacy', 'decline'), 'secondary')}
    </div>
  );
}

/** The purpose that the address names comes into sight. */
function useWanted(purpose: string): RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null);
  const isWanted = useLocation().query.purpose === purpose;
  useEffect(() => {
    if (!isWanted) return;
    card.current?.scrollIntoView({ block: 'start' });
    card.current?.focus({ preventScroll: true });
  }, [isWanted]);
  return card;
}
