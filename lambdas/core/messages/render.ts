import type { ServiceConfiguration } from '../configuration.ts';
import { bestLanguage } from '../languages.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { MailData, MailKind, MailText, MailTexts } from './texts.ts';

export type { MailData, MailKind } from './texts.ts';

export interface RenderedMail {
  readonly kind: MailKind;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

type MailConfiguration = Pick<ServiceConfiguration, 'brand' | 'languages'>;

const catalogue: Readonly<Record<string, MailTexts>> = { en, de };
/** Cognito refuses longer subjects; nothing of ours comes near. */
const maxSubjectLength = 140;

/**
 * One mail as text and HTML. No link acts when it is opened, and none is made from a request: links lead to the support
 * page and to the portal of the configuration.
 * @param language - what the person prefers; anything that is not configured falls back to the default language
 */
export function renderMail<Kind extends MailKind>(
  kind: Kind,
  language: string | undefined,
  data: MailData[Kind],
  config: MailConfiguration,
): RenderedMail {
  const spoken = mailLanguage(language, config.languages);
  const texts = catalogue[spoken] ?? en;
  const mail = texts[kind](data, config.brand.name);
  return {
    kind,
    subject: oneLine(mail.subject).slice(0, maxSubjectLength),
    text: plainText(mail, config),
    html: htmlPage(mail, catalogue[spoken] ? spoken : 'en', config),
  };
}

/** Texts are kept by base language: `de-AT` reads `de`. A locale may come as an attribute, hence the underscore. */
const mailLanguage = (preferred: string | undefined, configured: readonly string[]): string =>
  bestLanguage(configured, [preferred?.replaceAll('_', '-')]).split('-')[0] ?? 'en';

/** A subject is a header: a line break in it would start another one. */
const oneLine = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not reach a header
  value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();

function plainText(mail: MailText, { brand }: MailConfiguration): string {
  const blocks = [
    mail.heading,
    ...mail.before,
    ...(mail.code ? [`    ${mail.code}`] : []),
    ...(mail.link ? [`    ${mail.link}`] : []),
    ...mail.after,
  ];
  const footer = [oneLine(brand.name), ...(brand.supportUrl ? [brand.supportUrl] : [])];
  return `${blocks.map(oneLineKeepIndent).join('\n\n')}\n\n-- \n${footer.join('\n')}\n`;
}

const oneLineKeepIndent = (block: string): string =>
  block.startsWith('    ') ? `    ${oneLine(block)}` : oneLine(block);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (value: string): string =>
  oneLine(value).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const paragraph = (value: string): string => `<p style="margin:0 0 16px">${escapeHtml(value)}</p>`;
/** Letter spacing for the eye only: a screen reader and a copy still get the digits in one piece. */
const codeBlock = (code: string): string =>
  `<p style="margin:0 0 16px;font:700 28px/1.4 monospace;letter-spacing:4px">${escapeHtml(code)}</p>`;

const linkBlock = (link: string): string =>
  `<p style="margin:0 0 16px"><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`;

/** One column, no images, no style sheet: reads the same in every client, in dark mode and by a screen reader. */
function htmlPage(mail: MailText, language: string, { brand }: MailConfiguration): string {
  const support = brand.supportUrl
    ? ` · <a href="${escapeHtml(brand.supportUrl)}">${escapeHtml(brand.supportUrl)}</a>`
    : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(mail.subject)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif"><main style="max-width:560px;margin:0 auto">
<h1 style="margin:0 0 16px;font-size:22px">${escapeHtml(mail.heading)}</h1>
${[
  ...mail.before.map(paragraph),
  ...(mail.code ? [codeBlock(mail.code)] : []),
  ...(mail.link ? [linkBlock(mail.link)] : []),
  ...mail.after.map(paragraph),
].join('\n')}
<p style="margin:24px 0 0;font-size:14px">${escapeHtml(brand.name)}${support}</p>
</main></body></html>`;
}
