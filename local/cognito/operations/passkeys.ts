import { randomBytes } from 'node:crypto';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import * as v from 'valibot';
import { AwsError } from '../../platform.ts';
import { type Engine, timestamp } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { Passkey, PasskeyRegistration, User } from '../model.ts';
import { pageOf } from '../pages.ts';
import {
  clientDataOf,
  creationParameters,
  maxPasskeys,
  relyingPartyOf,
  requirePasskeys,
  userHandleOf,
  userVerificationOf,
  verifyRegistration,
  webAuthnError,
} from '../passkeys.ts';
import { operation } from '../registry.ts';
import { accessToken, integer, text } from '../schema.ts';
import { type SignedInCall, signedIn } from '../tokens/access.ts';

const registrationMs = 5 * 60_000;
const challengeBytes = 32;

/** Passkeys of the signed-in user. There is no administrator's way to add one. */
export const passkeyOperations = [
  operation('StartWebAuthnRegistration', {
    access: 'token',
    input: v.object({ AccessToken: accessToken }),
    handle: async (engine, input, apiCall) => {
      const call = signedIn(engine, apiCall, input.AccessToken);
      const relyingPartyId = readyRelyingParty(engine, call);
      refuseFull(call.user);
      const challenge = randomBytes(challengeBytes).toString('base64url');
      const expiresAt = engine.cloud.clock.now() + registrationMs;
      const passkeyRegistration = { challenge, clientId: call.client.id, expiresAt };
      await engine.directory.update(call.user, () => ({ passkeyRegistration }));
      return { CredentialCreationOptions: creationOptions(call, relyingPartyId, challenge) };
    },
  }),
  operation('CompleteWebAuthnRegistration', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, Credential: v.looseObject({}) }),
    handle: async (engine, input, apiCall) => {
      const call = signedIn(engine, apiCall, input.AccessToken);
      const relyingPartyId = readyRelyingParty(engine, call);
      const credential = input.Credential as unknown as RegistrationResponseJSON;
      const { challenge, clientId } = pendingRegistration(engine, call.user, credential);
      if (clientId !== call.client.id) {
        throw webAuthnError('ClientMismatch', 'The registration was started by another client.');
      }
      await engine.directory.update(call.user, (current) => spent(current, challenge));
      const passkey = await verifyRegistration(engine, credential, {
        challenge,
        relyingPartyId,
        requireUserVerification: userVerificationOf(call.pool) === 'required',
      });
      await engine.directory.update(call.user, (current) => added(current, passkey));
      return {};
    },
  }),
  operation('ListWebAuthnCredentials', {
    access: 'token',
    input: v.object({
      AccessToken: accessToken,
      NextToken: v.optional(text(1, 131_072)),
      MaxResults: v.optional(integer(0, 20), 20),
    }),
    handle: (engine, input, apiCall) => {
      const { user } = signedIn(engine, apiCall, input.AccessToken);
      const { items, next } = pageOf(user.passkeys ?? [], input.MaxResults || maxPasskeys, input.NextToken);
      return { Credentials: items.map(described), ...(next ? { NextToken: next } : {}) };
    },
  }),
  operation('DeleteWebAuthnCredential', {
    access: 'token',
    input: v.object({ AccessToken: accessToken, CredentialId: text(1, 1_400) }),
    handle: async (engine, input, apiCall) => {
      const { user } = signedIn(engine, apiCall, input.AccessToken);
      await engine.directory.update(user, ({ passkeys = [] }) => {
        const kept = passkeys.filter(({ id }) => id !== input.CredentialId);
        if (kept.length === passkeys.length) throw resourceNotFound('The credential does not exist.');
        return { passkeys: kept };
      });
      return {};
    },
  }),
];

function readyRelyingParty(engine: Engine, { pool }: SignedInCall): string {
  requirePasskeys(pool);
  const relyingPartyId = relyingPartyOf(engine, pool);
  if (relyingPartyId) return relyingPartyId;
  throw webAuthnError('ConfigurationMissing', 'The user pool has no relying party ID.');
}

function refuseFull({ passkeys = [] }: User): void {
  if (passkeys.length < maxPasskeys) return;
  throw new AwsError('LimitExceededException', `A user can have at most ${maxPasskeys} passkeys.`);
}

const creationOptions = ({ user, pool }: SignedInCall, relyingPartyId: string, challenge: string) => ({
  rp: { id: relyingPartyId, name: relyingPartyId },
  user: {
    id: userHandleOf(user),
    name: user.attributes.email ?? user.attributes.phone_number ?? user.username,
    displayName: user.attributes.name ?? user.attributes.email ?? user.username,
  },
  challenge,
  pubKeyCredParams: creationParameters,
  timeout: registrationMs,
  excludeCredentials: (user.passkeys ?? []).map(({ id, transports }) => ({
    type: 'public-key',
    id,
    transports,
  })),
  authenticatorSelection: {
    requireResidentKey: true,
    residentKey: 'required',
    userVerification: userVerificationOf(pool),
  },
  attestation: 'none',
});

/** @throws AwsError `WebAuthnChallengeNotFoundException` for another challenge than the one started last, or late */
function pendingRegistration(
  engine: Engine,
  user: User,
  credential: RegistrationResponseJSON,
): PasskeyRegistration {
  const pending = user.passkeyRegistration;
  const given = clientDataOf(credential.response?.clientDataJSON).challenge;
  if (!credential.id || !credential.response) throw invalidParameter('Credential is not a registration.');
  if (!pending || pending.challenge !== given || engine.cloud.clock.now() >= pending.expiresAt) {
    throw webAuthnError('ChallengeNotFound', 'The registration was not started, or has expired.');
  }
  return pending;
}

/** A challenge counts once, whatever comes of it. */
function spent({ passkeyRegistration }: User, challenge: string): Partial<User> {
  if (passkeyRegistration?.challenge === challenge) return { passkeyRegistration: undefined };
  throw webAuthnError('ChallengeNotFound', 'The registration was not started, or has expired.');
}

function added(user: User, passkey: Passkey): Partial<User> {
  refuseFull(user);
  const { passkeys = [] } = user;
  if (passkeys.some(({ id }) => id === passkey.id)) {
    throw webAuthnError('CredentialNotSupported', 'The credential is registered already.');
  }
  return { passkeys: [...passkeys, passkey] };
}

const described = (passkey: Passkey) => ({
  CredentialId: passkey.id,
  FriendlyCredentialName: passkey.name,
  RelyingPartyId: passkey.relyingPartyId,
  ...(passkey.attachment ? { AuthenticatorAttachment: passkey.attachment } : {}),
  AuthenticatorTransports: passkey.transports,
  CreatedAt: timestamp(passkey.createdAt),
});
