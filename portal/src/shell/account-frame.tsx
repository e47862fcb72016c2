import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Placeholder } from '../kit/loading.tsx';
import { useAction } from '../kit/use-action.ts';
import { useKeptFocus } from '../kit/use-kept-focus.ts';
import { paths, signInThen } from '../paths.ts';
import { isLikelySignedIn, openSessionAnew, session, signOut } from '../session/session.ts';
import { AccountNavigation } from './account-navigation.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import './account-frame.css';

/**
 * Header and navigation around the pages of a signed-in person. Where somebody was signed in before, the page fetches what it
 * shows while the session is still being asked for; whoever turns out not to be signed in goes to the sign-in page and
 * comes back here afterwards.
 */
export function AccountFrame({ children }: { readonly children: ComponentChildren }) {
  const { url, route } = useLocation();
  /** One way out is enough: the frame is still here while the next page is being fetched. */
  const hasLeft = useRef(false);
  const mayFetch = useSession();
  const content = useKeptFocus<HTMLDivElement>();
  const isOver = session.value.kind === 'none';
  useEffect(() => {
    if (session.value.kind !== 'none' || hasLeft.current) return;
    hasLeft.current = true;
    route(signInThen(url), true);
  }, [isOver, url]);
  const leave = useAction(async () => {
    hasLeft.current = true;
    try {
      await signOut();
    } catch (error) {
      hasLeft.current = false;
      throw error;
    }
    route(paths.signIn);
  });
  return (
    <div class="account">
      <Header />
      <AccountNavigation onSignOut={leave.run} leaving={leave.busy} problem={leave.error} />
      <div class="account-content" id="content" tabIndex={-1} ref={content}>
        {isOver || !mayFetch ? <Placeholder lines={10} /> : children}
        <Footer />
      </div>
    </div>
  );
}

/**
 * Asks for the session, and again as soon as there is a connection.
 * @returns whether the page may ask for its own data: six refusals say no more than one
 */
function useSession(): boolean {
  const [isAsked, setAsked] = useState(false);
  const [isLikely] = useState(isLikelySignedIn);
  useEffect(() => {
    const ask = () =>
      void openSessionAnew()
        .catch(() => addEventListener('online', ask, { once: true }))
        .finally(() => setAsked(true));
    ask();
    return () => removeEventListener('online', ask);
  }, []);
  return isLikely || isAsked || session.value.kind === 'signed-in';
}
