import { type Html, html } from '../../../console/html.ts';
import type { HttpResponse } from '../../../platform.ts';
import { button, field, form, link, type Notice, notice, pageUrl, quietButton } from './forms.ts';
import { type PageContext, showPage } from './page.ts';

/** What the sign-in is waiting for, sealed into the page that asks for it. */
export interface Waiting {
  readonly challenge: string;
  readonly username: string;
  readonly session: string;
  readonly options: readonly string[];
  /** Shown with the challenge: where a code went, a key, what the browser is asked. */
  readonly shown: Readonly<Record<string, string>>;
}

export const sealWaiting = ({ domain, browser }: PageContext, waiting: Waiting): string =>
  domain.engine.secrets.seal({ ...waiting, browser: browser.csrf });

/** @returns `undefined` when forged, or made for another browser */
export function openWaiting({ domain, browser }: PageContext): Waiting | undefined {
  const opened = domain.engine.secrets.unseal(domain.form.get('flow') ?? '') as
    | (Waiting & { browser: string })
    | undefined;
  return opened && opened.browser === browser.csrf ? opened : undefined;
}

type View = (context: PageContext, waiting: Waiting, flow: string, given?: Notice) => HttpResponse;

const who = (context: PageContext, { username }: Waiting): Html => html`
      <p class="lead">${context.texts.signingInAs(username)}.
        ${link(context, '/login', context.texts.notYou)}</p>`;

const digits = (context: PageContext, name: string): Html =>
  field({ name, label: context.texts.code, autocomplete: 'one-time-code', digits: true, autofocus: true });

const choiceText = (context: PageContext, choice: string): string => {
  const { texts } = context;
  const names: Readonly<Record<string, string>> = {
    PASSWORD: texts.byPassword,
    WEB_AUTHN: texts.byPasskey,
    EMAIL_OTP: texts.byEmail,
    SMS_OTP: texts.bySms,
  };
  return names[choice] ?? choice;
};

const choices = (
  context: PageContext,
  step: string,
  flow: string,
  offered: readonly string[],
): readonly Html[] =>
  offered.map((choice) =>
    form(context, '/login', step, quietButton(choiceText(context, choice)), { flow, choice }),
  );

/** The password where it is one of the ways, and the other ways below. */
const selectChallenge: View = (context, waiting, flow, given) => {
  const { texts } = context;
  const others = waiting.options.filter((choice) => choice !== 'PASSWORD');
  const asksPassword = waiting.options.includes('PASSWORD');
  return showPage(
    context,
    texts.signIn,
    html`${notice(given)}${who(context, waiting)}
      ${asksPassword && passwordForm(context, flow)}
      ${asksPassword && others.length > 0 && html`<h2>${texts.otherWays}</h2>`}
      ${choices(context, 'choose', flow, others)}`,
  );
};

const passwordForm = (context: PageContext, flow: string): Html => html`
      ${form(
        context,
        '/login',
        'password',
        html`${field({
          name: 'password',
          label: context.texts.password,
          type: 'password',
          autocomplete: 'current-password',
          autofocus: true,
        })}${button(context.texts.signIn)}`,
        { flow },
      )}
      <p>${link(context, '/forgotpassword', context.texts.forgot)}</p>`;

const password: View = (context, waiting, flow, given) =>
  showPage(
    context,
    context.texts.signIn,
    html`${notice(given)}${who(context, waiting)}${passwordForm(context, flow)}`,
  );

const code: View = (context, waiting, flow, given) => {
  const { texts } = context;
  const sent = waiting.shown.CODE_DELIVERY_DESTINATION ?? '';
  return showPage(
    context,
    texts.codeTitle,
    html`${notice(given)}<p>${texts.codeSent(sent)}</p>
      ${form(context, '/login', 'code', html`${digits(context, 'code')}${button(texts.next)}`, { flow })}
      <p>${link(context, '/login', texts.notYou)}</p>`,
  );
};

const softwareToken: View = (context, _waiting, flow, given) => {
  const { texts } = context;
  return showPage(
    context,
    texts.totpTitle,
    html`${notice(given)}<p>${texts.totpHint}</p>
      ${form(context, '/login', 'code', html`${digits(context, 'code')}${button(texts.next)}`, { flow })}`,
  );
};

const selectMfa: View = (context, waiting, flow, given) => {
  const { texts } = context;
  const named = (method: string): string => texts.mfa[method as keyof typeof texts.mfa] ?? method;
  return showPage(
    context,
    texts.mfaTitle,
    html`${notice(given)}${waiting.options.map((choice) =>
      form(context, '/login', 'choose', quietButton(named(choice)), { flow, choice }),
    )}`,
  );
};

const mfaSetup: View = (context, waiting, flow, given) => {
  const { texts } = context;
  const { secret = '', uri = '' } = waiting.shown;
  return showPage(
    context,
    texts.setupTitle,
    html`${notice(given)}<p>${texts.setupHint}</p>
      <p><strong>${texts.setupKey}</strong> <code>${secret}</code></p>
      <p><a class="button" href="${uri}">${texts.totpTitle}</a></p>
      ${form(context, '/login', 'setup', html`${digits(context, 'code')}${button(texts.next)}`, { flow })}`,
  );
};

const newPassword: View = (context, waiting, flow, given) => {
  const { texts } = context;
  const fields = html`${field({
    name: 'password',
    label: texts.newPassword,
    type: 'password',
    autocomplete: 'new-password',
    autofocus: true,
  })}${button(texts.changePassword)}`;
  return showPage(
    context,
    texts.newPasswordTitle,
    html`${notice(given)}${who(context, waiting)}${form(context, '/login', 'new-password', fields, { flow })}`,
  );
};

const passkey: View = (context, waiting, flow, given) => {
  const { texts } = context;
  const options = waiting.shown.CREDENTIAL_REQUEST_OPTIONS ?? '{}';
  return showPage(
    context,
    texts.passkeyTitle,
    html`${notice(given)}${who(context, waiting)}
      <p class="error" role="alert" id="passkey-failed" hidden>${texts.passkeyFailed}</p>
      ${passkeyForm(context, '/login', 'get', options, { flow }, texts.tryAgain)}
      <p class="hint">${texts.passkeyHint}</p>
      ${form(context, '/login', 'identify', quietButton(texts.otherWays), { username: waiting.username })}`,
    { scripted: true },
  );
};

/** The script of the page sends it, with what the browser answered in `credential`. */
export const passkeyForm = (
  context: PageContext,
  path: string,
  action: 'get' | 'create',
  options: string,
  hidden: Readonly<Record<string, string>>,
  label: string,
): Html => html`<form method="post" action="${pageUrl(context, path)}" data-passkey="${action}" data-options="${options}">
      <input type="hidden" name="_csrf" value="${context.browser.csrf}">
      <input type="hidden" name="step" value="passkey">
      <input type="hidden" name="credential" value="">
      ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      ${button(label)}
    </form>`;

const views: Readonly<Record<string, View>> = {
  SELECT_CHALLENGE: selectChallenge,
  PASSWORD: password,
  EMAIL_OTP: code,
  SMS_OTP: code,
  SMS_MFA: code,
  SOFTWARE_TOKEN_MFA: softwareToken,
  SELECT_MFA_TYPE: selectMfa,
  MFA_SETUP: mfaSetup,
  NEW_PASSWORD_REQUIRED: newPassword,
  WEB_AUTHN: passkey,
};

/** @returns `undefined` for a challenge that pages do not have, such as a custom one */
export function viewOf(context: PageContext, waiting: Waiting, given?: Notice): HttpResponse | undefined {
  return views[waiting.challenge]?.(context, waiting, sealWaiting(context, waiting), given);
}
