import type { Brand, BrandLook } from '../configuration.ts';
import { directionOf } from './language.ts';
import { defaultLook } from './look.ts';
import { oneLine } from './one-line.ts';
import type { MailText } from './texts.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (value: string): string =>
  oneLine(value).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/**
 * The one layout of every mail: a wordmark, a card, a footer. Styles are inline, because many programs drop everything
 * else; the style sheet only adds the dark colours for those that ask for them. No image and no remote font: nothing
 * is fetched when a mail is opened, so that opening it tells nobody anything.
 */
export function htmlMail(mail: MailText, language: string, brand: Brand, signature: string): string {
  const look = brand.look ?? defaultLook;
  const { light, font } = look;
  const direction = directionOf(language);
  const name = escapeHtml(brand.name);
  const body = [
    ...mail.before.map(paragraph),
    ...(mail.code ? [codeBlock(mail.code, look)] : []),
    ...(mail.link ? [linkBlock(mail.link, mail.linkLabel, look)] : []),
    ...mail.after.map(paragraph),
  ].join('\n');
  return `<!doctype html>
<html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(mail.subject)}</title><style>${darkStyle(look)}</style></head>
<body class="ground" style="margin:0;padding:0;background:${light.background}"><div lang="${language}" dir="${direction}" class="ground" style="padding:32px 16px;background:${light.background};color:${light.text};font:16px/1.6 ${escapeHtml(font)}">
<table role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;margin:0 auto"><tr><td>
<p class="brand" style="margin:0 0 16px;padding:0 4px;color:${light.brand};font-size:18px;font-weight:700"><bdi>${name}</bdi></p>
<div class="card" role="article" style="padding:32px 32px 16px;background:${light.surface};border:1px solid ${light.line};border-radius:${look.radius}">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(mail.heading)}</h1>
${body}
</div>
<p class="muted" style="margin:16px 0 0;padding:0 4px;color:${light.muted};font-size:14px">${escapeHtml(signature)}${supportLink(brand.supportUrl, look)}</p>
</td></tr></table></div></body></html>`;
}

const paragraph = (value: string): string => `<p style="margin:0 0 16px">${escapeHtml(value)}</p>`;

/** Letter spacing for the eye only: a screen reader and a copy still get the digits in one piece. */
const codeBlock = (code: string, { light, radius }: BrandLook): string =>
  `<p dir="ltr" class="code" style="margin:0 0 16px;padding:16px;background:${light.background};border-radius:${radius};text-align:center;font:700 30px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:5px">${escapeHtml(code)}</p>`;

/** The address stands below its button: who cannot press it can copy it, and everybody sees where it leads. */
const linkBlock = (link: string, label: string | undefined, { light, radius }: BrandLook): string => {
  const href = escapeHtml(link);
  const button = label
    ? `<p style="margin:8px 0 16px"><a class="button" href="${href}" style="display:inline-block;padding:13px 24px;background:${light.brand};color:${light['on-brand']};border-radius:${radius};font-weight:600;text-decoration:none">${escapeHtml(label)}</a></p>\n`
    : '';
  return `${button}<p dir="ltr" style="margin:0 0 16px;font-size:13px;overflow-wrap:anywhere;word-break:break-all"><a class="brand" href="${href}" style="color:${light.brand}">${href}</a></p>`;
};

const supportLink = (url: string | undefined, { light }: BrandLook): string =>
  url
    ? `<br><a class="brand" dir="ltr" href="${escapeHtml(url)}" style="color:${light.brand}">${escapeHtml(url)}</a>`
    : '';

/** Colours alone, so that light and dark have one layout; `!important` is what beats an inline style. */
const darkStyle = ({ dark }: BrandLook): string =>
  `:root{color-scheme:light dark}@media (prefers-color-scheme:dark){.ground{background:${dark.background}!important;color:${dark.text}!important}.card{background:${dark.surface}!important;border-color:${dark.line}!important}.code{background:${dark.background}!important}.brand{color:${dark.brand}!important}.muted{color:${dark.muted}!important}.button{background:${dark.brand}!important;color:${dark['on-brand']}!important}}`;
