import { postChallenge } from './challenge.ts';
import { postContext } from './contexts.ts';
import { postPasskeyOptions } from './passkey-options.ts';
import { postProvider, postProviderCompletion } from './provider.ts';
import { postRefresh } from './refresh.ts';
import type { SessionServices } from './services.ts';
import { postSession } from './sessions.ts';
import { postSignOut } from './sign-out.ts';
import { postStepUp, postStepUpAnswer } from './step-up.ts';

/** The routes of signing in, refreshing and signing out. */
export const sessionRoutes = (services: SessionServices) => ({
  'POST /v1/contexts': postContext(services),
  'POST /v1/sessions': postSession(services),
  'POST /v1/sessions/passkey-options': postPasskeyOptions(services),
  'POST /v1/sessions/challenge': postChallenge(services),
  'POST /v1/sessions/provider': postProvider(services),
  'POST /v1/sessions/provider/complete': postProviderCompletion(services),
  'POST /v1/sessions/refresh': postRefresh(services),
  'POST /v1/sessions/sign-out': postSignOut(services),
  'POST /v1/me/step-up': postStepUp(services),
  'POST /v1/me/step-up/answer': postStepUpAnswer(services),
});
