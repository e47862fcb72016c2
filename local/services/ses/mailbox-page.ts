import { readFileSync } from 'node:fs';

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

export const mailboxPage = asset('mailbox.html');
export const mailboxStyle = asset('mailbox.css');
export const mailboxScript = asset('mailbox.js');

/** Links of a mail open in a new tab: inside its frame they could not be followed. */
export function framed(html: string): string {
  const target = '<base target="_blank">';
  return /<head\b[^>]*>/i.test(html) ? html.replace(/<head\b[^>]*>/i, `$&${target}`) : `${target}${html}`;
}
