import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { SignInState } from '../../../../client/index.ts';
import { brand } from '../../configuration.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';
import { ChallengeStep } from './challenge-step.tsx';
import { EndedStep } from './ended-step.tsx';
import { identifier, type Step, signIn, signInState, stepAddress, useGoOnWhenSignedIn } from './flow.ts';
import { IdentifyStep } from './identify-step.tsx';
import { NewPasswordStep } from './new-password-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { shownDestination } from './shown-destination.ts';

/** Address first, then a password or what stands in its place, then what the decision point asks. */
export default function SignIn() {
  useGoOnWhenSignedIn();
  const { isLost, goTo, step } = useSteps();
  const state = signInState.value;
  const startOver = () => goTo('identify', true);
  if (step === 'identify') {
    const { name } = brand.value;
    return (
      <PublicPage
        title={text('sign-in', 'identify.title')}
        {...(name && { lead: text('sign-in', 'identify.lead', { brand: name }) })}
      >
        <IdentifyStep isLost={isLost} onIdentified={() => goTo('password')} />
      </PublicPage>
    );
  }
  if (step === 'password') {
    return (
      <PublicPage title={text('sign-in', 'password.title')}>
        <PasswordStep onChange={() => history.back()} />
      </PublicPage>
    );
  }
  return (
    <PublicPage {...headOf(state)}>
      {state.step === 'challenge' && <ChallengeStep state={state} onStartOver={startOver} />}
      {state.step === 'new-password-required' && <NewPasswordStep state={state} />}
      {(state.step === 'expired' || state.step === 'refused') && (
        <EndedStep state={state} onStartOver={startOver} />
      )}
    </PublicPage>
  );
}

/** Keeps the address of the page and the state of the sign-in together, whichever of them moves first. */
function useSteps() {
  const { query, route } = useLocation();
  const state = signInState.value;
  const [isLost, setIsLost] = useState(false);
  const wanted: Step = query.step === 'password' || query.step === 'challenge' ? query.step : 'identify';
  const goTo = (to: Step, replace = false) => route(stepAddress(to, query.then), replace);
  const before = useRef(state.step);
  // The address moved: a reload, the back button, a link. Before anybody can press anything on the new step, whose
  // sign-in would be reset.
  useLayoutEffect(() => {
    if (wanted === 'challenge' && isAtStart(signIn.state) && isAtStart(signIn.restore())) {
      setIsLost(true);
      goTo('identify', true);
    }
    if (wanted === 'password' && identifier.value === '') goTo('identify', true);
    if (wanted !== 'challenge' && !isPristine(signIn.state)) signIn.reset();
    before.current = signIn.state.step;
  }, [wanted]);
  // The state moved: an answer of the API.
  useLayoutEffect(() => {
    const hasMoved = before.current !== state.step;
    before.current = state.step;
    if (!hasMoved || state.step === 'signed-in') return;
    if (wanted !== 'challenge' && !isAtStart(state)) goTo('challenge', wanted === 'password');
  }, [state.step]);
  const isShown = wanted !== 'challenge' || !isAtStart(state);
  return { goTo, isLost, step: isShown ? wanted : 'identify' };
}

const isAtStart = ({ step }: SignInState): boolean => step === 'identify';
const isPristine = (state: SignInState): boolean =>
  state.step === 'identify' && state.problem === undefined && !state.busy;

function headOf(state: SignInState): { readonly title: string; readonly lead?: string } {
  switch (state.step) {
    case 'challenge': {
      const { method, destination } = state;
      const shown = isolated(shownDestination(destination, identifier.value));
      const lead = text('sign-in', `${method}.lead`, { destination: shown });
      return { title: text('sign-in', `${method}.title`), lead };
    }
    case 'new-password-required':
      return { title: text('sign-in', 'newPassword.title'), lead: text('sign-in', 'newPassword.lead') };
    case 'refused':
      return { title: text('sign-in', 'refused.title') };
    default:
      return { title: text('sign-in', 'over.title') };
  }
}
