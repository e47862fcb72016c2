import type { ProfileField } from '../configuration.ts';
import { CiamError } from '../errors.ts';
import { patchFields } from './change.ts';
import { type ProfileStores, readOwn } from './own-profile.ts';
import { type AccountRules, type OwnerRequest, raceAttempts } from './owner-request.ts';
import type { Profile } from './profile.ts';
import { afterSkip, canBeAsked, isOpen, nextPrompts } from './prompts.ts';
import { type Permission, visibleFields } from './view.ts';

/** Questions to show, with the profile they were chosen for. */
export interface Asked {
  readonly questions: readonly ProfileField[];
  readonly profile: Profile;
  readonly permits: Permission;
}

/** The open questions. A new visit is stored before its questions are shown, so that two tabs share one budget. */
export async function askOwn(
  stores: ProfileStores,
  { sub, now }: Pick<OwnerRequest, 'sub' | 'now'>,
  rules: AccountRules,
): Promise<Asked> {
  for (let attempt = 0; attempt < raceAttempts; attempt += 1) {
    const { profile, permits } = await readOwn(stores, sub, rules);
    const { questions, remember } = nextPrompts(profile, rules.profile, permits, now);
    if (!remember) return { questions, profile, permits };
    const memory = { sub, expectedRevision: profile.prompts.revision, memory: remember };
    if (await stores.profiles.remember(memory)) {
      return { questions, profile: { ...profile, prompts: remember }, permits };
    }
  }
  throw tooBusy();
}

/**
 * Stores the answer to a question. The same answer again changes nothing; another answer to an answered question is
 * refused, because it would silently overwrite what the person may have corrected meanwhile.
 * @throws CiamError `PROMPT_UNKNOWN`, `REQUEST_INVALID` at `/answer`, `PROFILE_CONFLICT`
 */
export async function answerOwn(
  stores: ProfileStores,
  request: OwnerRequest,
  rules: AccountRules,
  name: string,
  answer: unknown,
): Promise<{ profile: Profile; permits: Permission }> {
  for (let attempt = 0; attempt < raceAttempts; attempt += 1) {
    const { profile, permits } = await readOwn(stores, request.sub, rules);
    const field = promptNamed(rules.profile.fields, name, permits);
    const patched = patchAnswer(profile, field, answer, permits, request.now);
    if (patched.changed.length === 0) return { profile, permits };
    if (Object.hasOwn(visibleFields(profile, [field], permits), name)) throw answered();
    const version = profile.version + 1;
    const event = request.event('prompt.answered', { field: name, version });
    const at = new Date(request.now).toISOString();
    const write = { sub: request.sub, expectedVersion: profile.version, fields: patched.fields, at };
    if (await stores.profiles.write(write, [event])) {
      return { profile: { ...profile, fields: patched.fields, version }, permits };
    }
  }
  throw tooBusy();
}

/**
 * Remembers that a question was passed over; once per visit, however often it is sent. A question that was answered
 * meanwhile needs no skip.
 * @throws CiamError `PROMPT_UNKNOWN` also for a question that the last visit did not ask
 */
export async function skipOwn(
  stores: ProfileStores,
  request: OwnerRequest,
  rules: AccountRules,
  name: string,
): Promise<{ profile: Profile; permits: Permission }> {
  for (let attempt = 0; attempt < raceAttempts; attempt += 1) {
    const { profile, permits } = await readOwn(stores, request.sub, rules);
    const field = promptNamed(rules.profile.fields, name, permits);
    if (!profile.prompts.askedInVisit.includes(name)) throw unknownPrompt();
    const isAnswered = Object.hasOwn(visibleFields(profile, [field], permits), name);
    const memory =
      isAnswered || !isOpen(profile.prompts, name)
        ? undefined
        : afterSkip(profile.prompts, name, request.now);
    if (!memory) return { profile, permits };
    const event = request.event('prompt.skipped', { field: name, count: memory.skipped[name]?.count ?? 1 });
    const write = { sub: request.sub, expectedRevision: profile.prompts.revision, memory };
    if (await stores.profiles.remember(write, event))
      return { profile: { ...profile, prompts: memory }, permits };
  }
  throw tooBusy();
}

const patchAnswer = (
  profile: Profile,
  field: ProfileField,
  answer: unknown,
  permits: Permission,
  now: number,
) => {
  if (answer === null) {
    throw new CiamError('REQUEST_INVALID', 'The answer was refused.', {
      fields: [{ pointer: '/answer', detail: 'must be a value; use skip to pass over the question' }],
    });
  }
  return patchFields(
    profile,
    { [field.name]: answer },
    { fields: [field], permits, now, source: 'prompt' },
    () => '/answer',
  );
};

/** A question that is not permitted now is as unknown as one that does not exist: it says nothing about consents. */
function promptNamed(fields: readonly ProfileField[], name: string, permits: Permission): ProfileField {
  const field = fields.find((candidate) => candidate.name === name);
  if (!field || !canBeAsked(field) || !permits(field.purpose)) throw unknownPrompt();
  return field;
}

const unknownPrompt = () => new CiamError('PROMPT_UNKNOWN', 'There is no such question to answer.');
const answered = () =>
  new CiamError('PROFILE_CONFLICT', 'The question is already answered. Change the answer in the profile.');
const tooBusy = () => new CiamError('PROFILE_CONFLICT', 'The profile is being changed elsewhere. Try again.');
