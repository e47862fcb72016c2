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
  orFault(withText(['developers'], () => import('./pages/developers/developers.tsx'))),
);
const NotFound = lazy(() => orFault(import('./pages/not-found.tsx')));

/** One entry per page; each page is a file of its own, fetched when it is first shown. */
export function App() {
  return (
    <LocationProvider scope="/portal/">
      <Faults>
        <ErrorBoundary>
          <Router>
            <Route path={paths.signIn} component={SignIn} />
            <Route path={paths.link} component={Link} />
            <Route path={paths.provider} component={ProviderReturn} />
            <Route path={paths.signUp} component={SignUp} />
            <Route path={paths.confirm} component={Confirm} />
            <Route path={paths.resetPassword} component={ResetPassword} />
            <Route path={paths.recovery} component={Recovery} />
            <Route path={paths.recoveryCancel} component={CancelRecovery} />
            <Route path={paths.security} component={Security} />
            <Route path={paths.sessions} component={Sessions} />
            <Route path={paths.links} component={Links} />
            <Route path={paths.overview} component={Overview} />
            <Route path={paths.profile} component={Profile} />
            <Route path={paths.activity} component={Activity} />
            <Route path={paths.privacy} component={Privacy} />
            <Route path={paths.farewell} component={Farewell} />
            <Route path={paths.operator} component={Statistics} />
            <Route path={paths.operatorPerson} component={Person} />
            <Route path={paths.developers} component={Developers} />
            <Route default component={NotFound} />
          </Router>
          <StepUpHost />
        </ErrorBoundary>
      </Faults>
    </LocationProvider>
  );
}
