import { IdentityProblem, NetworkFailure } from '../../../client/index.ts';
import { type Area, hasText, text } from '../text/text.ts';
import { Notice } from './notice.tsx';

/**
 * What went wrong, in the person's language and with what to do next: `problem.<CODE>` of the page's own area, else of
 * `common`, else a line that quotes the request's id. Nothing is shown without an error.
 */
export function ProblemNotice({ error, area = 'common' }: { readonly error: unknown; readonly area?: Area }) {
  if (error === undefined) return null;
  return <Notice kind="error">{problemText(error, area)}</Notice>;
}

export function problemText(error: unknown, area: Area = 'common'): string {
  if (error instanceof NetworkFailure) return text('common', 'problem.offline');
  if (!(error instanceof IdentityProblem)) return text('common', 'problem.unexpected', { id: '–' });
  const key = `problem.${error.code}`;
  const values = { seconds: error.retryAfterSeconds ?? 60, id: error.requestId ?? '–' };
  for (const place of [area, 'common'] as const) {
    if (hasText(place, key)) return text(place, key as never, values);
  }
  return text('common', 'problem.unexpected', values);
}
