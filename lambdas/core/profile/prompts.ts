import type { ProfileField, PromptingPolicy } from '../configuration.ts';
import type { Profile, PromptMemory } from './profile.ts';
import { type Permission, permittedFields, visibleFields } from './view.ts';

/**
 * How long a visit lasts after its first question. Within it a reload or a second tab gets the same questions; after
 * it nothing is asked until the cool-down is over.
 */
export const visitMinutes = 30;

export interface PromptRules {
  readonly fields: readonly ProfileField[];
  readonly prompting: PromptingPolicy;
}

export interface PromptRound {
  readonly questions: readonly ProfileField[];
  /** What must be remembered before these questions are shown; absent when the visit already holds them. */
  readonly remember?: PromptMemory;
}

/**
 * The next best questions, best first (higher weight, then the order of the configuration), within the budget of the
 * visit. A visit's questions are fixed when it begins: answering one does not draw another.
 * @param now - epoch milliseconds
 */
export function nextPrompts(
  profile: Profile,
  rules: PromptRules,
  permits: Permission,
  now: number,
): PromptRound {
  const { prompts } = profile;
  const due = dueQuestions(profile, rules, permits, now);
  const sinceMs = millisecondsSince(prompts.lastAskedAt, now);
  if (sinceMs < visitMinutes * 60_000) {
    return { questions: due.filter(({ name }) => isOpen(prompts, name)) };
  }
  const questions =
    sinceMs < rules.prompting.coolDownHours * 3_600_000 ? [] : due.slice(0, rules.prompting.perVisit);
  return questions.length === 0 ? { questions } : { questions, remember: newVisit(prompts, questions, now) };
}

/** A time in the future (another clock) counts as now: it can delay a question, never add one. */
const millisecondsSince = (at: string | undefined, now: number): number =>
  at === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - Date.parse(at));

const newVisit = (prompts: PromptMemory, questions: readonly ProfileField[], now: number): PromptMemory => ({
  revision: prompts.revision + 1,
  lastAskedAt: new Date(now).toISOString(),
  askedInVisit: questions.map(({ name }) => name),
  skipped: prompts.skipped,
});

function dueQuestions(
  profile: Profile,
  { fields, prompting }: PromptRules,
  permits: Permission,
  now: number,
): readonly ProfileField[] {
  const filled = visibleFields(profile, fields, permits);
  return permittedFields(fields, permits)
    .filter((field) => canBeAsked(field) && !Object.hasOwn(filled, field.name))
    .filter(({ name }) => !isResting(profile.prompts, name, prompting, now))
    .toSorted((left, right) => right.weight - left.weight); // stable: equal weights keep the configured order
}

/**
 * What was missed at registration (sign-up through an SDK) is asked like a prompt; fields of the profile page never.
 */
export const canBeAsked = ({ collect }: ProfileField): boolean => collect !== 'profile';

function isResting(prompts: PromptMemory, name: string, policy: PromptingPolicy, now: number): boolean {
  const skip = skipOf(prompts, name);
  if (!skip) return false;
  return skip.count >= policy.maxSkips || millisecondsSince(skip.at, now) < policy.skipDays * 86_400_000;
}

/** Asked in the current or last visit and not skipped since. */
export const isOpen = (prompts: PromptMemory, name: string): boolean =>
  prompts.askedInVisit.includes(name) && !isSkippedInVisit(prompts, name);

function isSkippedInVisit(prompts: PromptMemory, name: string): boolean {
  const skip = skipOf(prompts, name);
  return skip !== undefined && prompts.lastAskedAt !== undefined && skip.at >= prompts.lastAskedAt;
}

const skipOf = (prompts: PromptMemory, name: string) =>
  Object.hasOwn(prompts.skipped, name) ? prompts.skipped[name] : undefined;

/** Memory after a skip of an open question: an open one is skipped at most once per visit (see `isOpen`). */
export function afterSkip(prompts: PromptMemory, name: string, now: number): PromptMemory {
  const skip = { count: (skipOf(prompts, name)?.count ?? 0) + 1, at: skipTime(prompts, now) };
  return { ...prompts, revision: prompts.revision + 1, skipped: { ...prompts.skipped, [name]: skip } };
}

/** Not before the visit began, whatever another environment's clock said: the skip belongs to that visit. */
const skipTime = ({ lastAskedAt }: PromptMemory, now: number): string => {
  const at = new Date(now).toISOString();
  return lastAskedAt && lastAskedAt > at ? lastAskedAt : at;
};
