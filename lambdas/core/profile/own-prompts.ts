import type { ProfileField } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import { patchFields } from './change.ts';
import { etagOf, type OwnProfile, type ProfileStores, readOwn } from './own-profile.ts';
import { type AccountRules, type OwnerRequest, untilWritten } from './owner-request.ts';
import type { Profile } from './profile.ts';
import { afterSkip, canBeAsked, isOpen, nextPrompts } from './prompts.ts';
import { type Permission, visibleFields } from './view.ts';

/** Questions to show, with the profile they were chosen for. */
export interface Asked extends OwnProfile {
  readonly questions: readonly ProfileField[];
}

/** The open questions. A new visit is stored before its questions are shown, so that two tabs share one budget. */
export const askOwn = (
  stores: ProfileStores,
  { sub, now }: Pick<OwnerRequest, 'sub' | 'now'>,
  rules: AccountRules,
): Promise<Asked> =>
  untilWritten(async () => {
    const { profile, permits } = await readOwn(stores, sub, rules);
    const { questions, remember } = nextPrompts(profile, rules.profile, permits, now);
    if (!remember) return { questions, profile, permits };
    const write = { sub, expectedRevision: profile.prompts.revision, memory: remember };
    const isFirst = await stores.profiles.remember(write);
    return isFirst ? { questions, profile: { ...profile, prompts: remember }, permits } : undefined;
  }, tooBusy);

/**
 * Stores the answer to a question. The same answer again changes nothing; another answer to an answered question is
 * refused, because it would silently overwrite what the person may have corrected meanwhile.
 * @throws CiamError `PROMPT_UNKNOWN`, `REQUEST_INVALID` at `/answer`, `PROFILE_CONFLICT`
 */
export const answerOwn = (
  stores: ProfileStores,
  request: OwnerRequest,
  rules: AccountRules,
  name: string,
  answer: unknown,
): Promise<OwnProfile> =>
  untilWritten(async () => {
    const { profile, permits } = await readOwn(stores, request.sub, rules);
    const field = promptNamed(rules.profile.fields, name, permits);
    const patched = patchAnswer(profile, field, answer, permits, request.now);
    if (patched.changed.length === 0) return { profile, permits };
    if (isAnswered(profile, field, permits)) throw answered(profile);
    const version = profile.version + 1;
    const event = request.event('prompt.answered', { field: name, version });
    const at = new Date(request.now).toISOString();
    const write = { sub: request.sub, expectedVersion: profile.version, fields: patched.fields, at };
    const isStored = await stores.profiles.write(write, [event]);
    return isStored ? { profile: { ...profile, fields: patched.fields, version }, permits } : undefined;
  }, tooBusy);

/**
 * Remembers that a question was passed over; once per visit, however often it is sent. A question that was answered
 * meanwhile needs no skip.
 * @throws CiamError `PROMPT_UNKNOWN` also for a question that the last visit did not ask
 */
export const skipOwn = (
  stores: ProfileStores,
  request: OwnerRequest,
  rules: AccountRules,
  name: string,
): Promise<OwnProfile> =>
  untilWritten(async () => {
    const { profile, permits } = await readOwn(stores, request.sub, rules);
    const field = promptNamed(rules.profile.fields, name, permits);
    if (!profile.prompts.askedInVisit.includes(name)) throw unknownPrompt();
    if (isAnswered(profile, field, permits) || !isOpen(profile.prompts, name)) return { profile, permits };
    const memory = afterSkip(profile.prompts, name, request.now);
    const event = request.event('prompt.skipped', { field: name, count: memory.skipped[name]?.count ?? 1 });
    const write = { sub: request.sub, expectedRevision: profile.prompts.revision, memory };
    const isStored = await stores.profiles.remember(write, event);
    return isStored ? { profile: { ...profile, prompts: memory }, permits } : undefined;
  }, tooBusy);

function patchAnswer(
  profile: Profile,
  field: ProfileField,
  answer: unknown,
  permits: Permission,
  now: number,
) {
  if (answer === null) {
    throw new CiamError('REQUEST_INVALID', 'The answer was refused.', {
      fields: [{ pointer: '/answer', detail: 'must be a value; use skip to pass over the question' }],
    });
  }
  const rules = { fields: [field], permits, now, source: 'prompt' as const };
  return patchFields(profile, { [field.name]: answer }, rules, () => '/answer');
}

const isAnswered = (profile: Profile, field: ProfileField, permits: Permission): boolean =>
  Object.hasOwn(visibleFields(profile, [field], permits), field.name);

/** A question that is not permitted now is as unknown as one that does not exist: it says nothing about consents. */
function promptNamed(fields: readonly ProfileField[], name: string, permits: Permission): ProfileField {
  const field = fields.find((candidate) => candidate.name === name);
  if (!field || !canBeAsked(field) || !permits(field.purpose)) throw unknownPrompt();
  return field;
}

const unknownPrompt = () => new CiamError('PROMPT_UNKNOWN', 'There is no such question to answer.');
const answered = (profile: Profile) =>
  new CiamError('PROFILE_CONFLICT', 'The question is already answered. Change the answer in the profile.', {
    etag: etagOf(profile),
  });
const tooBusy = () => new CiamError('PROFILE_CONFLICT', 'The profile is being changed elsewhere. Try again.');
