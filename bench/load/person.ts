import { randomBytes } from 'node:crypto';
import { IdentityApi, type SignInAnswer } from '../../scripts/journey/api.ts';
import { Mailbox } from '../../scripts/journey/mailbox.ts';
import type { Outputs } from '../../scripts/journey/outputs.ts';
import { registerPerson } from '../../scripts/journey/registration.ts';
import { LoadSrp } from './srp.ts';

/** Somebody who registered and has signed in once, so that the device is known: the fast path from here on. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly deviceToken: string;
  readonly srp: LoadSrp;
  readonly mailbox: Mailbox;
  /** Minted and not used yet. */
  readonly contexts: string[];
}

export async function settlePerson(outputs: Outputs): Promise<Person> {
  const api = new IdentityApi(outputs.endpoints.identityApi);
  const mailbox = new Mailbox(outputs.endpoints.mailbox);
  const email = `b.${randomBytes(6).toString('hex')}@example.com`;
  const password = `quiet harbour ${randomBytes(5).toString('hex')}`;
  await registerPerson(api, mailbox, { email, password });
  const { deviceToken } = await signInWithCode(api, mailbox, email, password);
  return { email, password, deviceToken, srp: new LoadSrp(password), mailbox, contexts: [] };
}

async function signInWithCode(api: IdentityApi, mailbox: Mailbox, identifier: string, password: string) {
  const started = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions', { identifier, password });
  if (started.body.state !== 'challenge') throw new Error('a new device was let in without a challenge');
  const answer = await mailbox.nextCode(identifier);
  const proven = await api.expect<SignInAnswer>(200, 'POST', '/v1/sessions/challenge', {
    flow: started.body.flow,
    answer,
  });
  if (proven.body.state !== 'signed-in') throw new Error('the right code did not end in tokens');
  const deviceToken = proven.body.deviceToken ?? cookieToken(proven.headers) ?? cookieToken(started.headers);
  if (!deviceToken) throw new Error('no device token came with the first sign-in');
  return { deviceToken };
}

const cookieToken = (headers: Headers): string | undefined =>
  /__Host-vestibule-device=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1];
