import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { paths } from './paths.ts';
import { StepUpHost } from './session/step-up.tsx';

const SignIn = lazy(() => import('./pages/sign-in/sign-in.tsx'));
const NotFound = lazy(() => import('./pages/not-found.tsx'));

/** One entry per page; each page is a file of its own, fetched when it is first shown. */
export function App() {
  return (
    <LocationProvider scope="/portal/">
      <ErrorBoundary>
        <Router>
          <Route path={paths.signIn} component={SignIn} />
          <Route default component={NotFound} />
        </Router>
        <StepUpHost />
      </ErrorBoundary>
    </LocationProvider>
  );
}
