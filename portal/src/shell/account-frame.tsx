import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Placeholder } from '../kit/loading.tsx';
import { useAction } from '../kit/use-action.ts';
import { paths, signInThen } from '../paths.ts';
import { openSession, session, signOut } from '../session/session.ts';
import { AccountNavigation } from './account-navigation.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import './account-frame.css';

/**
 * Header and navigation around the pages of a signed-in person. The page fetches what it shows while the session is still
 * being asked for; whoever turns out not to be signed in goes to the sign-in page and comes back here afterwards.
 */
export function AccountFrame({ children }: { readonly children: ComponentChildren }) {
  const { url, route } = useLocation();
  /** One way out is enough: the frame is still here while the next page is being fetched. */
  const hasLeft = useRef(false);
  useEffect(askWhenOnline, []);
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
      <div class="account-content" id="content" tabIndex={-1}>
        {isOver ? <Placeholder /> : children}
        <Footer />
      </div>
    </div>
  );
}

/**
 * A page that was told "nobody" before asks again: the person may have signed in meanwhile, here or in another tab. Without
 * a connection nothing is known; the question is repeated as soon as there is one.
 */
function askWhenOnline(): () => void {
  const ask = () => void openSession().catch(() => addEventListener('online', ask, { once: true }));
  if (session.value.kind === 'none') session.value = { kind: 'unknown' };
  ask();
  return () => removeEventListener('online', ask);
}
