/** What the route takes; longer ones would be refused as a whole. */
const longest = { message: 500, source: 200 };

/** At most this many per page load: a loop must not become a flood. */
const maxReports = 5;

/**
 * Tells the operator of script errors: `POST /v1/script-errors` with message, place and page, never with what a person
 * typed. A report that fails is dropped.
 */
export function reportScriptErrors(): void {
  let left = maxReports;
  const report = (message: string, source?: string) => {
    if (left-- <= 0) return;
    const body = {
      message: message.slice(0, longest.message) || 'no message',
      page: location.pathname,
      ...(source && { source: source.slice(0, longest.source) }),
    };
    void fetch('/v1/script-errors', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      keepalive: true,
    }).catch(() => undefined);
  };
  addEventListener('error', ({ message, filename, lineno, colno }) =>
    report(message, filename && `${new URL(filename, location.href).pathname}:${lineno}:${colno}`),
  );
  addEventListener('unhandledrejection', ({ reason }) =>
    report(reason instanceof Error ? `${reason.name}: ${reason.message}` : 'unhandled rejection'),
  );
}
