import type { AccountKey, Flow } from '../core/challenge/flow.ts';
import { readFlowId } from '../core/challenge/rounds.ts';
import { canonicalIdentifier, type Identifier } from '../core/identifier.ts';
import type { Pseudonym, Sub } from '../core/ids.ts';
import { contextMetadataKey, flowMetadataKey, type RequestContext } from '../core/risk/context.ts';
import type { ChallengeMethod } from '../core/risk/decision.ts';
import type { SignInServices } from './services.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** Who signs in, as Cognito says; someone without account gets a key of the same kind and plays the same rounds. */
export interface Person {
  readonly exists: boolean;
  readonly account: AccountKey;
  readonly client: string;
  readonly identifier: Pseudonym;
  readonly subject: { readonly sub: Sub } | { readonly pseudonym: Pseudonym };
  readonly email?: Identifier;
  readonly locale?: string;
  readonly available: readonly ChallengeMethod[];
}

/** @throws Error for an existing user without sub: the event is not usable */
export async function readPerson(
  { pseudonyms }: Pick<SignInServices, 'pseudonyms'>,
  { userName, callerContext, request }: TriggerEvent,
): Promise<Person> {
  const { sub, email: address, email_verified, locale } = request.userAttributes;
  const exists = !request.userNotFound;
  if (exists && !sub) throw new Error('trigger event: expected userAttributes.sub');
  const email = canonicalIdentifier(exists ? (address ?? '') : userName);
  const identifier = await pseudonyms.of('identifier', email ?? userName);
  // Attributes are always strings. Someone unknown seems to have the method that everybody has.
  const hasMail = exists ? email !== undefined && email_verified === 'true' : true;
  return {
    exists,
    account: (exists ? sub : `?${identifier}`) as AccountKey,
    client: callerContext.clientId,
    identifier,
    subject: exists ? { sub: sub as Sub } : { pseudonym: identifier },
    ...(email && { email }),
    ...(locale && { locale }),
    available: hasMail ? ['email-code'] : [],
  };
}

export type Presented =
  | { readonly known: RequestContext }
  | { readonly unknown: 'missing' | 'invalid' | 'expired' | 'foreign' };

/** Reads a context for use: genuine, in time, and made for this very person. */
export async function readContext(
  { contexts }: Pick<SignInServices, 'contexts'>,
  token: string | undefined,
  person: Person,
): Promise<Presented> {
  const reading = await contexts.read(token, 'sign-in');
  if (!('context' in reading)) return { unknown: reading.status };
  if (reading.context.identifier !== person.identifier) return { unknown: 'foreign' };
  return reading.status === 'genuine' ? { known: reading.context } : { unknown: 'expired' };
}

/** Which flow a call says it belongs to. */
export type FlowReference =
  | { readonly kind: 'none' }
  /** Something was presented that is not ours or not this person's. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'flow'; readonly id: string }
  | { readonly kind: 'context'; readonly id: string; readonly context: RequestContext };

/**
 * The flow that a call's metadata names: by its id, or by the context that was consumed for it. For naming, a context
 * may have expired since: codes live longer than contexts, and it gives no right to anything.
 */
export async function readReference(
  { contexts }: Pick<SignInServices, 'contexts'>,
  metadata: TriggerEvent['request']['clientMetadata'],
  person: Person,
): Promise<FlowReference> {
  const named = metadata[flowMetadataKey];
  if (named !== undefined) {
    const id = readFlowId(named);
    return id ? { kind: 'flow', id } : { kind: 'forged' };
  }
  const token = metadata[contextMetadataKey];
  if (token === undefined) return { kind: 'none' };
  const reading = await contexts.read(token, 'sign-in');
  if (!('context' in reading) || reading.context.identifier !== person.identifier) return { kind: 'forged' };
  return { kind: 'context', id: reading.context.id, context: reading.context };
}

export const belongsTo = (flow: Flow, person: Person): boolean =>
  flow.account === person.account && flow.client === person.client;
