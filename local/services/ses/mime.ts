/** What the mailbox shows of a raw message: the headers that matter, and the first text and HTML part. */
export interface ParsedMail {
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly html?: string;
}

/** RFC 5322 and the part of MIME (RFC 2045, 2046, 2047) that mail libraries write. */
export function parseMail(raw: string): ParsedMail {
  const { headers, body } = split(raw);
  const [type, parameters] = contentType(headers['content-type'] ?? 'text/plain');
  if (type.startsWith('multipart/') && parameters.boundary) {
    const parts = body
      .split(`--${parameters.boundary}`)
      .slice(1)
      .filter((part) => !part.startsWith('--'))
      .map((part) => parseMail(part.replace(/^\r?\n/, '')));
    const text = parts.find((part) => part.text !== undefined)?.text;
    const html = parts.find((part) => part.html !== undefined)?.html;
    return { headers, ...(text !== undefined && { text }), ...(html !== undefined && { html }) };
  }
  const content = decode(body, headers['content-transfer-encoding'] ?? '7bit');
  if (type === 'text/html') return { headers, html: content };
  return type === 'text/plain' ? { headers, text: content } : { headers };
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end ? raw.slice(0, end.index) : raw;
  const body = end ? raw.slice(end.index + end[0].length) : '';
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())]] : [];
  });
  return { headers: Object.fromEntries(headers) as Record<string, string>, body };
}

function contentType(value: string): [string, Record<string, string>] {
  const [type = '', ...rest] = value.split(';');
  const parameters = rest.flatMap((part) => {
    const [, name, text] = /^\s*([\w-]+)="?([^"]*)"?\s*$/.exec(part) ?? [];
    return name && text !== undefined ? [[name.toLowerCase(), text]] : [];
  });
  return [type.trim().toLowerCase(), Object.fromEntries(parameters) as Record<string, string>];
}

function decode(body: string, encoding: string): string {
  if (encoding.toLowerCase() === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding.toLowerCase() === 'quoted-printable'
    ? quoted(body.replaceAll(/=\r?\n/g, ''))
    : body.trimEnd();
}

const quoted = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** RFC 2047: `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=` in headers. */
const words = (text: string): string =>
  text
    .replaceAll(/(\?=)\s+(=\?)/g, '$1$2')
    .replaceAll(/=\?[\w-]+\?([BQbq])\?([^?]*)\?=/g, (_, kind: string, content: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(content, 'base64').toString('utf8')
        : quoted(content.replaceAll('_', ' ')),
    );
