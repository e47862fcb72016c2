import type { RouteHandler } from '../api/types.ts';
import { withoutPersonalText } from '../core/privacy/plain-line.ts';

/** Writes one line for whoever looks after the pages. */
type WriteLine = (line: string) => void;

/** No event and no answer to learn from: a page that broke says so, and a stranger who lies gains a line in a log. */
export const postScriptError =
  (write: WriteLine = console.warn): RouteHandler<'POST /v1/script-errors'> =>
  async ({ body, requestId }) => {
    const { message, page, source } = body;
    write(
      JSON.stringify({
        level: 'warn',
        event: 'script-error',
        message: withoutPersonalText(message),
        page,
        ...(source !== undefined && { source }),
        requestId,
      }),
    );
    return { status: 204 };
  };
