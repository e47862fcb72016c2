import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { paths } from './paths.ts';
import { StepUpHost } from './session/step-up.tsx';
import { accountPage } from './shell/account-page.tsx';
import { Faults, orFault } from './shell/faults.tsx';
import { withText } from './text/text.ts';

const SignIn = lazy(() => orFault(withText(['sign-in'], () => import('./pages/sign-in/sign-in.tsx'))));
const Link = lazy(() => orFault(withText(['sign-in'], () => import('./pages/sign-in/link.tsx'))));
const ProviderReturn = lazy(() =>
  orFault(withText(['sign-in'], () => import('./pages/sign-in/provider.tsx'))),
);
const SignUp = lazy(() =>
  orFault(withText(['sign-in', 'account'], () => import('./pages/sign-up/sign-up.tsx'))),
);
const Confirm = lazy(() => orFault(withText(['sign-in'], () => import('./pages/sign-up/confirm.tsx'))));
const ResetPassword = lazy(() =>
  orFault(withText(['sign-in'], () => import('./pages/recovery/reset-password.tsx'))),
);
const Recovery = lazy(() => orFault(withText(['sign-in'], () => import('./pages/recovery/recovery.tsx'))));
const CancelRecovery = lazy(() =>
  orFault(withText(['sign-in'], () => import('./pages/recovery/cancel.tsx'))),
);
const Security = accountPage(['security'], () => import('./pages/account/security/security.tsx'));
const Sessions = accountPage(['security'], () => import('./pages/account/sessions/sessions.tsx'));
const Links = accountPage(['security'], () => import('./pages/account/links/links.tsx'));
const Overview = accountPage([], () => import('./pages/account/overview.tsx'));
const Profile = accountPage([], () => import('./pages/account/profile.tsx'));
const Activity = accountPage(['activity'], () => import('./pages/account/activity.tsx'));
const Privacy = accountPage(['privacy'], () => import('./pages/account/privacy.tsx'));
const Farewell = lazy(() => orFault(withText(['privacy'], () => import('./pages/account/farewell.tsx'))));
const Statistics = accountPage(['operator'], () => import('./pages/operator/statistics/statistics.tsx'));
const Person = accountPage(['operator', 'activity'], () => import('./pages/operator/person/person.tsx'));
const Developers = lazy(() =>
  orFault(withText(['developers', 'security'], () => import('./pages/developers/developers.tsx'))),
);
const NotFound = lazy(() => orFault(import('./pages/not-found.tsx')));

const pages = [
  [paths.signIn, SignIn],
  [paths.link, Link],
  [paths.provider, ProviderReturn],
  [paths.signUp, SignUp],
  [paths.confirm, Confirm],
  [paths.resetPassword, ResetPassword],
  [paths.recovery, Recovery],
  [paths.recoveryCancel, CancelRecovery],
  [paths.security, Security],
  [paths.sessions, Sessions],
  [paths.links, Links],
  [paths.overview, Overview],
  [paths.profile, Profile],
  [paths.activity, Activity],
  [paths.privacy, Privacy],
  [paths.farewell, Farewell],
  [paths.operator, Statistics],
  [paths.operatorPerson, Person],
  [paths.developers, Developers],
] as const;

/** What the first page is made of, fetched beside its texts instead of after them. */
export const fetchPage = async (pathname: string): Promise<void> => {
  await pages.find(([path]) => path === pathname)?.[1].preload();
};

/** One entry per page; each page is a file of its own, fetched when it is first shown. */
export function App() {
  return (
    <LocationProvider scope="/portal/">
      <Faults>
        <ErrorBoundary>
          <Router>
            {pages.map(([path, page]) => (
              <Route key={path} path={path} component={page} />
            ))}
            <Route default component={NotFound} />
          </Router>
          <StepUpHost />
        </ErrorBoundary>
      </Faults>
    </LocationProvider>
  );
}
