import { codeLength, type Flow, type SentCode } from '../core/challenge/flow.ts';
import { challengeMetadata, readSession, roundNumber } from '../core/challenge/rounds.ts';
import { maskedDestination } from '../core/identifier.ts';
import type { FlowId } from '../core/ids.ts';
import { contextMetadataKey } from '../core/risk/context.ts';
import { codeHash } from './code-hash.ts';
import { flowEvent } from './events.ts';
import { belongsTo, type Person, readContext, readPerson } from './person.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

export interface CreateAnswer {
  readonly publicChallengeParameters: Readonly<Record<string, string>>;
  readonly privateChallengeParameters: Readonly<Record<string, string>>;
  readonly challengeMetadata: string;
}

/** CreateAuthChallenge: `begin` first, then the code. */
export async function createChallenge(services: SignInServices, event: TriggerEvent): Promise<CreateAnswer> {
  if (event.request.challengeName !== 'CUSTOM_CHALLENGE') throw new Error('challenge name: not ours');
  const progress = readSession(event.request.session);
  const person = await readPerson(services, event);
  if (progress.at === 'decision') return beginChallenge(await beginFlow(services, event, person));
  if (progress.at !== 'begun' && progress.at !== 'answering') throw new Error('session: no challenge is due');
  return codeChallenge(services, person, progress.flow, roundNumber(event.request.session));
}

const beginChallenge = (flow: FlowId): CreateAnswer => ({
  publicChallengeParameters: { step: 'begin', flow },
  privateChallengeParameters: { step: 'begin', flow },
  challengeMetadata: challengeMetadata('begin', flow),
});

/** The flow that Define opened from the context, if its `begin` is still due; otherwise a new one, opened by Verify. */
async function beginFlow(services: SignInServices, event: TriggerEvent, person: Person): Promise<FlowId> {
  const presented = await readContext(services, event.request.clientMetadata[contextMetadataKey], person);
  if ('known' in presented) {
    const flow = await services.flows.find(presented.known.id, { consistent: true });
    const isDue = flow?.id === presented.known.id && flow.state === 'challenged' && flow.method === undefined;
    if (flow && isDue && belongsTo(flow, person)) return flow.id;
  }
  return services.random.id() as FlowId;
}

async function codeChallenge(
  services: SignInServices,
  person: Person,
  id: FlowId,
  round: number,
): Promise<CreateAnswer> {
  const flow = await services.flows.find(id, { consistent: true });
  if (flow?.state !== 'challenged' || !belongsTo(flow, person)) throw new Error('flow: no code is due');
  const code = await codeOf(services, person, flow);
  return {
    publicChallengeParameters: {
      step: 'email-code',
      flow: id,
      destination: person.email ? maskedDestination(person.email) : '***',
      codeLength: `${codeLength}`,
      expiresInSeconds: `${Math.max(0, Math.floor((code.expiresAt - services.clock.now()) / 1000))}`,
      resendsLeft: `${Math.max(0, services.codes.resends - flow.resends)}`,
    },
    privateChallengeParameters: { step: 'email-code', flow: id, round: `${round}` },
    challengeMetadata: challengeMetadata('email-code', id),
  };
}

/** One code and one mail per resend number: whoever comes later (a repeated trigger, the next attempt) finds it. */
async function codeOf(services: SignInServices, person: Person, flow: Flow): Promise<SentCode> {
  if (flow.code?.number === flow.resends) return flow.code;
  const sent = await sendCode(services, person, flow);
  if (sent) return sent;
  const claimed = await services.flows.find(flow.id, { consistent: true });
  if (claimed?.code?.number !== flow.resends) throw new Error('code: claimed elsewhere and taken back');
  return claimed.code;
}

/**
 * Random code, stored as keyed hash by the conditional write that claims the sending. A code derived from a key would
 * need no write, but then one leaked key would be every code; and the claim is needed anyway to send one mail only.
 * @returns `undefined` when this number was claimed by somebody else
 */
async function sendCode(services: SignInServices, person: Person, flow: Flow): Promise<SentCode | undefined> {
  const { clock, codes, flows, pseudonyms, random } = services;
  const typed = random.digits(codeLength);
  const number = flow.resends;
  const hash = await codeHash(pseudonyms, flow, number, typed);
  const code: SentCode = { number, hash, expiresAt: clock.now() + codes.lifetimeSeconds * 1000 };
  const event = (outcome: 'success' | 'failure', reasons: readonly string[]) =>
    flowEvent(
      person,
      flow,
      clock.now(),
      { type: 'sign-in.code-sent', outcome, reasons },
      `${number} ${hash}`,
    );
  if (!(await flows.claimCode(flow, code, event('success', person.exists ? [] : ['ACCOUNT_UNKNOWN']))))
    return undefined;
  try {
    // Someone without account is at no address: everything but the mail is the same.
    if (person.exists) await mailCode(services, person, flow, typed);
  } catch (error) {
    await flows.releaseCode(flow, code, event('failure', ['MAIL_NOT_SENT']));
    throw error;
  }
  return code;
}

async function mailCode(services: SignInServices, person: Person, flow: Flow, code: string): Promise<void> {
  if (!person.email) throw new Error('person: no address to send a code to');
  const { renderMail } = await import('../core/messages/render.ts');
  const mail = renderMail(
    'sign-in-code',
    person.locale,
    {
      code,
      expiresInMinutes: Math.floor(services.codes.lifetimeSeconds / 60),
      ...(flow.label && { device: flow.label }),
    },
    services.config,
  );
  await services.mailer.send({ ...mail, to: person.email });
}
