import { html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { answerChallenge } from '../../auth/challenges.ts';
import { choosesOnPages, startOnPages } from '../../auth/flows.ts';
import type { SignInAnswer, SignInCall } from '../../auth/sign-in.ts';
import type { Client } from '../../model.ts';
import type { AuthorizationRequest } from '../authorization-request.ts';
import { answerWithCode, finishSignIn, usableSession } from '../authorize.ts';
import { oauthRules } from '../client-rules.ts';
import { pageCall } from '../domains.ts';
import { openWaiting, viewOf, type Waiting } from './challenge-views.ts';
import { confirmPage } from './confirm-page.ts';
import { button, field, form, link, type Notice, notice, pageUrl } from './forms.ts';
import { type PageContext, showPage } from './page.ts';
import { isError, messageOf, runOperation } from './run.ts';

/** The sign-in page of one authorization request. */
interface Visit {
  readonly context: PageContext;
  readonly request: AuthorizationRequest;
}

/** `GET /login` */
export function showSignIn(
  context: PageContext,
  request: AuthorizationRequest,
  given?: Notice,
): HttpResponse {
  const signedIn = usableSession(context.domain, request);
  if (signedIn && !given)
    return accountPage({ context, request }, signedIn.user.attributes.email ?? signedIn.user.username);
  return identifierPage({ context, request }, given);
}

function identifierPage({ context, request }: Visit, given?: Notice, username?: string): HttpResponse {
  const { texts } = context;
  const typed = username ?? request.loginHint;
  const fields = html`${field({
    name: 'username',
    label: texts.username,
    autocomplete: 'username',
    autofocus: true,
    ...(typed === undefined ? {} : { value: typed }),
  })}${button(texts.next)}`;
  return showPage(
    context,
    texts.signIn,
    html`<p class="lead">${texts.continueTo(request.client.name)}</p>
      ${notice(given)}
      ${form(context, '/login', 'identify', fields)}
      ${providerLinks(context, request)}
      <p class="links">${texts.newHere} ${link(context, '/signup', texts.signUp)}</p>`,
  );
}

function providerLinks(context: PageContext, { client }: AuthorizationRequest) {
  const names = (oauthRules(client)?.providers ?? []).filter((name) => name !== 'COGNITO');
  return names.map((name) => {
    const query = new URLSearchParams(context.query);
    query.set('identity_provider', name);
    return html`<a class="button" href="${context.domain.baseUrl}/oauth2/authorize?${String(query)}">${context.texts.by(name)}</a>`;
  });
}

function accountPage({ context, request }: Visit, name: string): HttpResponse {
  const { texts } = context;
  const other = new URLSearchParams(context.query);
  other.set('prompt', 'login');
  return showPage(
    context,
    texts.chooseAccount,
    html`<p class="lead">${texts.continueTo(request.client.name)}</p>
      ${form(context, '/login', 'continue', button(texts.continueAs(name)))}
      <a class="button" href="${pageUrl({ ...context, query: other }, '/login')}">${texts.notYou}</a>`,
  );
}

type Step = (visit: Visit) => Promise<HttpResponse>;

const typedName = ({ context }: Visit): string =>
  (context.domain.form.get('username') ?? '').trim().slice(0, 128);

/** Pages are the service itself: they act for a client with a secret without knowing it. */
const callOf = (
  { context, request }: Visit,
  operation: string,
  parameters: Record<string, string>,
): SignInCall => ({
  ...pageCall(context.domain, withoutSecret(request.client), operation),
  parameters,
  onPages: true,
});

function withoutSecret({ secret: _secret, secrets: _secrets, ...client }: Client): Client {
  return client;
}

const start = (visit: Visit, parameters: Record<string, string>): Promise<SignInAnswer> =>
  startOnPages(visit.context.domain.engine, callOf(visit, 'InitiateAuth', parameters));

const identify: Step = async (visit) => {
  const username = typedName(visit);
  if (!username) return identifierPage(visit);
  return begin(visit, username);
};

/** First the ways that this person could use; a client without choice asks for the password at once. */
async function begin(visit: Visit, username: string, given?: Notice): Promise<HttpResponse> {
  const { context, request } = visit;
  if (!choosesOnPages(request.client)) {
    const waiting = { challenge: 'PASSWORD', username, session: '', options: [], shown: {} };
    return viewOf(context, waiting, given) ?? identifierPage(visit, given, username);
  }
  try {
    return await present(visit, username, await start(visit, { USERNAME: username }), given);
  } catch (error) {
    return identifierPage(visit, given ?? { kind: 'error', text: messageOf(error, context.texts) }, username);
  }
}

const password: Step = async (visit) => {
  const waiting = openWaiting(visit.context);
  const given = visit.context.domain.form.get('password') ?? '';
  if (!waiting) return startAgain(visit);
  const { username } = waiting;
  try {
    const answer =
      waiting.challenge === 'PASSWORD' && !waiting.session
        ? await start(visit, { USERNAME: username, PASSWORD: given })
        : await answerWaiting(visit, waiting, {
            ...(waiting.challenge === 'SELECT_CHALLENGE' ? { ANSWER: 'PASSWORD' } : {}),
            PASSWORD: given,
          });
    return await present(visit, username, answer);
  } catch (error) {
    if (isError(error, 'UserNotConfirmedException')) return confirmPage(visit.context, username);
    const text = messageOf(error, visit.context.texts);
    return begin(visit, username, { kind: 'error', text });
  }
};

const choose: Step = (visit) =>
  answered(visit, ({ domain }) => ({ ANSWER: domain.form.get('choice') ?? '' }));

const code: Step = (visit) =>
  answered(visit, ({ domain }, { challenge }) => ({
    [`${challenge}_CODE`]: (domain.form.get('code') ?? '').replaceAll(/\s/g, ''),
  }));

const newPassword: Step = (visit) =>
  answered(visit, ({ domain }) => ({ NEW_PASSWORD: domain.form.get('password') ?? '' }));

const passkey: Step = (visit) =>
  answered(visit, ({ domain }) => ({ CREDENTIAL: domain.form.get('credential') ?? '' }));

/** An authenticator app on the way in: the key was shown, its first code proves it. */
const setup: Step = async (visit) => {
  const { context } = visit;
  const waiting = openWaiting(context);
  if (!waiting) return startAgain(visit);
  try {
    const verified = await runOperation(context.domain, 'VerifySoftwareToken', {
      Session: waiting.session,
      UserCode: (context.domain.form.get('code') ?? '').replaceAll(/\s/g, ''),
    });
    const answer = await answerWaiting(visit, { ...waiting, session: String(verified.Session) }, {});
    return await present(visit, waiting.username, answer);
  } catch (error) {
    const text = messageOf(error, context.texts);
    return viewOf(context, waiting, { kind: 'error', text }) ?? startAgain(visit);
  }
};

const proceed: Step = async (visit) => {
  const { context, request } = visit;
  const signedIn = usableSession(context.domain, request);
  if (!signedIn) return startAgain(visit);
  return answerWithCode(context.domain, request, signedIn.user, signedIn.session.authTime);
};

const steps: Readonly<Record<string, Step>> = {
  identify,
  password,
  choose,
  code,
  setup,
  passkey,
  'new-password': newPassword,
  continue: proceed,
};

/** `POST /login`, a form of ours. */
export async function answerSignIn(
  context: PageContext,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const name = context.domain.form.get('step') ?? '';
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  const visit = { context, request };
  return step ? step(visit) : startAgain(visit);
}

const startAgain = (visit: Visit): HttpResponse =>
  identifierPage(visit, { kind: 'error', text: visit.context.texts.expired });

const answerWaiting = (
  visit: Visit,
  { challenge, username, session }: Waiting,
  parameters: Record<string, string>,
): Promise<SignInAnswer> =>
  answerChallenge(
    visit.context.domain.engine,
    callOf(visit, 'RespondToAuthChallenge', { USERNAME: username, ...parameters }),
    challenge,
    session,
  );

/** Errors that leave the challenge as it is; after any other one the sign-in begins again, for the same name. */
const repeatable = ['CodeMismatchException', 'InvalidPasswordException', 'InvalidParameterException'];

async function answered(
  visit: Visit,
  read: (context: PageContext, waiting: Waiting) => Record<string, string>,
): Promise<HttpResponse> {
  const { context } = visit;
  const waiting = openWaiting(context);
  if (!waiting) return startAgain(visit);
  try {
    const answer = await answerWaiting(visit, waiting, read(context, waiting));
    return await present(visit, waiting.username, answer);
  } catch (error) {
    const failed: Notice = { kind: 'error', text: messageOf(error, context.texts) };
    const again = isError(error, ...repeatable) ? viewOf(context, waiting, failed) : undefined;
    return again ?? begin(visit, waiting.username, failed);
  }
}

/** The next page: a challenge, or with the person signed in, the app's. */
async function present(
  visit: Visit,
  username: string,
  answer: SignInAnswer,
  given?: Notice,
): Promise<HttpResponse> {
  const { context, request } = visit;
  if ('SignedIn' in answer) return finishSignIn(context.domain, request, answer.SignedIn);
  if (!('ChallengeName' in answer)) throw new Error('a sign-in on the pages gave tokens');
  const waiting = await waitingFor(context, username, answer);
  const view = viewOf(context, waiting, given);
  if (view) return view;
  return identifierPage(visit, { kind: 'error', text: context.texts.failed }, username);
}

async function waitingFor(
  context: PageContext,
  username: string,
  answer: Extract<SignInAnswer, { ChallengeName: string }>,
): Promise<Waiting> {
  const { ChallengeName, ChallengeParameters, Session = '', AvailableChallenges = [] } = answer;
  const waiting = { challenge: ChallengeName, username, session: Session, shown: ChallengeParameters };
  if (ChallengeName === 'MFA_SETUP') return startSetup(context, waiting);
  const methods = ChallengeParameters.MFAS_CAN_CHOOSE;
  const options = methods ? (JSON.parse(methods) as string[]) : AvailableChallenges;
  // SRP is for apps; a page sends the password itself.
  return { ...waiting, options: options.filter((choice) => choice !== 'PASSWORD_SRP') };
}

async function startSetup(context: PageContext, waiting: Omit<Waiting, 'options'>): Promise<Waiting> {
  const { SecretCode, Session } = await runOperation(context.domain, 'AssociateSoftwareToken', {
    Session: waiting.session,
  });
  const secret = String(SecretCode);
  const label = encodeURIComponent(`${context.domain.pool.name}:${waiting.username}`);
  const uri = `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(context.domain.pool.name)}`;
  return { ...waiting, session: String(Session), options: [], shown: { secret, uri } };
}
