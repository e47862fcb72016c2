import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { createSignIn, type SignInState } from '../../../../client/index.ts';
import { ownPage, paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { session } from '../../session/session.ts';
import { waitingStorage } from './waiting-storage.ts';

/** The sign-in of this tab; the pages of sign-up and of a new password go on with it. */
export const signIn = createSignIn(api, { mode: 'cookie', storage: waitingStorage });

/** Read by the pages while they render. */
export const signInState = signal<SignInState>(signIn.state);
signIn.subscribe((state) => {
  signInState.value = state;
});

/** What was typed as address, for the next step and for the pages that ask for it as well; never stored. */
export const identifier = signal('');

const signedInChannel = 'vestibule:signed-in';

/** Tells the other tabs of this browser that one of them signed in: the page that waits for a link goes on. */
export function tellSignedIn(): void {
  const channel = new BroadcastChannel(signedInChannel);
  channel.postMessage('signed-in');
  channel.close();
}

/** Calls back when another tab of this browser has signed in. */
export function whenSignedInElsewhere(goOn: () => void): () => void {
  const channel = new BroadcastChannel(signedInChannel);
  channel.onmessage = goOn;
  return () => channel.close();
}

/** Leaves the public pages: on to `?then=`, or to the overview, without a way back to the form. */
export function useGoOn(): () => void {
  const { route, query } = useLocation();
  return () => {
    session.value = { kind: 'unknown' };
    identifier.value = '';
    signIn.reset();
    route(ownPage(query.then), true);
  };
}

/** Goes on as soon as the sign-in of this tab has come to its end. */
export function useGoOnWhenSignedIn(): void {
  const goOn = useGoOn();
  const isSignedIn = signInState.value.step === 'signed-in';
  // Once, when the state is reached.
  useEffect(() => {
    if (isSignedIn) goOn();
  }, [isSignedIn]);
}

/** Steps of the sign-in page by address, so that the back button and a reload mean what people expect. */
export type Step = 'identify' | 'password' | 'challenge';

/** The address of a step, with the page to go on to. */
export function stepAddress(step: Step, then?: string): string {
  const query = new URLSearchParams({
    ...(step !== 'identify' && { step }),
    ...(then !== undefined && { then }),
  });
  return query.size === 0 ? paths.signIn : `${paths.signIn}?${query}`;
}
