import type { IdentityApi } from './api.ts';
import type { Mailbox } from './mailbox.ts';

export interface ConsentText {
  readonly purpose: string;
  readonly version: string;
  readonly language: string;
  readonly textHash: string;
}

export interface RegistrationForm {
  readonly purposes: readonly (ConsentText & { readonly required: boolean })[];
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export const readForm = async (api: IdentityApi): Promise<RegistrationForm> =>
  (await api.expect<RegistrationForm>(200, 'GET', '/v1/registration-form?locale=en')).body;

/** The answers without which the form is refused. */
export const requiredConsents = ({ purposes }: RegistrationForm) =>
  purposes
    .filter(({ required }) => required)
    .map(({ purpose, version, language, textHash }) => ({
      purpose,
      version,
      language,
      textHash,
      decision: 'granted',
    }));

/** Sends the form with the consents that it requires. @returns the handle that ties the confirmation to it */
export async function register(
  api: IdentityApi,
  person: Credentials,
  form: RegistrationForm,
): Promise<string> {
  const body = { ...person, locale: 'en', consents: requiredConsents(form) };
  const answer = await api.expect<{ registration: string }>(202, 'POST', '/v1/registrations', body);
  return answer.body.registration;
}

/** Reads the code in the mailbox and proves the address with it. */
export async function confirm(
  api: IdentityApi,
  mailbox: Mailbox,
  email: string,
  registration: string,
): Promise<void> {
  const code = await mailbox.nextCode(email);
  await api.expect(200, 'POST', '/v1/registrations/confirm', { email, registration, code });
}

/** All of it. */
export async function registerPerson(api: IdentityApi, mailbox: Mailbox, person: Credentials): Promise<void> {
  await confirm(api, mailbox, person.email, await register(api, person, await readForm(api)));
}
