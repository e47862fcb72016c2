import type { RouteHandler } from '../../api/types.ts';
import { hasSecondFactor } from '../../core/factor/policy.ts';
import { canonicalIdentifier } from '../../core/identifier.ts';
import { passwordLength, passwordRefused, personalWords } from '../../core/registration/password.ts';
import { cutoffAt, untilNewSessionsCount } from '../../core/session/cutoff.ts';
import { ownerOf } from '../owner.ts';
import { securityError } from './changes.ts';
import type { SecurityServices } from './services.ts';

/**
 * Every session ends, this one too: Cognito cannot spare one refresh token, and whoever changes a password because
 * somebody else knows it wants exactly that. The person signs in with the new one. As with a reset, the answer waits
 * until new sessions count. Devices are new again: whoever knew the old password may have made one known.
 * Reads 2 RRU, writes 6 WRU, two calls to the user pool.
 */
export const postPassword =
  (services: SecurityServices): RouteHandler<'POST /v1/me/password'> =>
  async (request) => {
    const { sub } = request.caller;
    const { password } = request.body;
    const { accounts, clock, configuration } = services;
    const [{ factors }, profile] = await Promise.all([
      services.factors.read(sub),
      services.profiles.find(sub),
    ]);
    const minLength = passwordLength(configuration.password, hasSecondFactor(factors));
    const problem = await services.passwords.problem(password, {
      minLength,
      words: [
        configuration.brand.name,
        ...personalWords(Object.values(profile.fields).map(({ value }) => value)),
      ],
      identifier: profile.email === undefined ? undefined : canonicalIdentifier(profile.email),
    });
    if (problem) throw passwordRefused(problem, minLength);
    const owner = await ownerOf(request, services);
    const outcome = await accounts.setPassword(sub, password);
    if (outcome === 'unavailable') throw securityError('METHOD_UNAVAILABLE');
    if (outcome === 'refused') throw passwordRefused('not-allowed', minLength);
    const cutoff = cutoffAt(sub, clock.now());
    await services.endSessions(cutoff, owner.event('password.changed', { sessions: 'ended' }));
    await accounts.endSessions(sub);
    await services.wait(untilNewSessionsCount(cutoff, clock.now()));
    return { status: 200, body: { state: 'changed', sessions: 'ended' } };
  };
