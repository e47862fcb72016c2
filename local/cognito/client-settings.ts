import * as v from 'valibot';
import type { Engine } from './engine.ts';
import { invalidParameter } from './errors.ts';
import type { Client, ClientSettings, Pool, TimeUnit } from './model.ts';
import { newClientSecret } from './random.ts';
import { integer, oneOf, text } from './schema.ts';
import { requireTier } from './tier.ts';

const unit = v.optional(oneOf('seconds', 'minutes', 'hours', 'days'));

/** What the engine reads is checked; everything else is kept as it came. */
export const clientSettings = {
  ClientName: v.optional(text(1, 128)),
  RefreshTokenValidity: v.optional(integer(0, 315_360_000)),
  AccessTokenValidity: v.optional(integer(1, 86_400)),
  IdTokenValidity: v.optional(integer(1, 86_400)),
  TokenValidityUnits: v.optional(v.object({ AccessToken: unit, IdToken: unit, RefreshToken: unit })),
  ReadAttributes: v.optional(v.array(v.string())),
  WriteAttributes: v.optional(v.array(v.string())),
  ExplicitAuthFlows: v.optional(v.array(v.string())),
  PreventUserExistenceErrors: v.optional(oneOf('LEGACY', 'ENABLED')),
  EnableTokenRevocation: v.optional(v.boolean()),
  AuthSessionValidity: v.optional(integer(3, 15)),
  RefreshTokenRotation: v.optional(
    v.object({
      Feature: oneOf('ENABLED', 'DISABLED'),
      RetryGracePeriodSeconds: v.optional(integer(0, 60)),
    }),
  ),
};

export interface ClientInput {
  readonly name: string;
  readonly generateSecret: boolean;
  readonly settings: ClientSettings;
}

/** Creates the client or replaces its settings; id and secret stay. */
export async function putClient(
  engine: Engine,
  poolId: string,
  id: string,
  input: ClientInput,
): Promise<Client> {
  checkFlows(engine.pools.get(poolId), input);
  checkLifetimes(input.settings);
  checkRotation(input.settings);
  const now = engine.cloud.clock.now();
  const existing = engine.pools.findClient(id);
  const secret = existing?.secret ?? (input.generateSecret ? newClientSecret() : undefined);
  const client: Client = {
    id,
    name: input.name,
    poolId,
    ...(secret === undefined ? {} : { secret }),
    ...(existing?.secrets ? { secrets: existing.secrets } : {}),
    settings: { EnableTokenRevocation: true, AuthSessionValidity: 3, ...input.settings },
    createdAt: existing?.createdAt ?? now,
    updatedAt: now,
  };
  await engine.pools.putClient(client);
  return client;
}

const unitSeconds: Record<TimeUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
const bounds = {
  AccessToken: { unit: 'hours', least: 300, most: 86_400 },
  IdToken: { unit: 'hours', least: 300, most: 86_400 },
  RefreshToken: { unit: 'days', least: 3_600, most: 315_360_000 },
} as const;

function checkLifetimes(settings: ClientSettings): void {
  for (const token of ['AccessToken', 'IdToken', 'RefreshToken'] as const) {
    const amount = settings[`${token}Validity`];
    if (!amount) continue;
    const { unit: usual, least, most } = bounds[token];
    const seconds = amount * unitSeconds[settings.TokenValidityUnits?.[token] ?? usual];
    if (seconds < least || seconds > most) {
      throw invalidParameter(
        `Invalid range for token validity: ${token} has to be ${least} to ${most} seconds.`,
      );
    }
  }
}

const clientTokenFlow = 'ALLOW_CLIENT_TOKEN_AUTH';

function checkFlows(pool: Pool, { settings: { ExplicitAuthFlows: flows = [] } }: ClientInput): void {
  if (flows.includes('ALLOW_USER_AUTH')) requireTier(pool, 'ESSENTIALS', 'ALLOW_USER_AUTH');
  if (flows.includes(clientTokenFlow) && flows.length > 1) {
    throw invalidParameter(`${clientTokenFlow} cannot be combined with other authentication flows.`);
  }
}

function checkRotation({ RefreshTokenRotation, ExplicitAuthFlows }: ClientSettings): void {
  if (RefreshTokenRotation?.Feature !== 'ENABLED') return;
  if (ExplicitAuthFlows?.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidParameter(
      'Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH.',
    );
  }
}
