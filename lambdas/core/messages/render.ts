import type { ServiceConfiguration } from '../configuration.ts';
import { mailCatalogue } from './catalogue.ts';
import { en } from './en.ts';
import { htmlMail } from './html-mail.ts';
import { inDirection, isolated, textLanguage } from './language.ts';
import { oneLine } from './one-line.ts';
import type { MailData, MailKind, MailText } from './texts.ts';

export type { MailData, MailKind } from './texts.ts';

export interface RenderedMail {
  readonly kind: MailKind;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Who it comes from; what is absent is the installation's. */
  readonly sender: MailSender;
}

export interface MailSender {
  readonly name: string;
  readonly from?: string;
  readonly replyTo?: string;
}

export type MailConfiguration = Pick<ServiceConfiguration, 'brand' | 'languages'>;

/** Cognito refuses longer subjects; nothing of ours comes near. */
const maxSubjectLength = 140;

/**
 * One mail as text and HTML. No link acts when it is opened, and none is made from a request: links lead to the support
 * page and to the portal of the configuration.
 * @param language - what the person prefers; anything that is not configured falls back to the default language
 * @param config - in the words of the brand that the mail speaks for, see `inBrand`
 */
export function renderMail<Kind extends MailKind>(
  kind: Kind,
  language: string | undefined,
  data: MailData[Kind],
  { brand, languages }: MailConfiguration,
): RenderedMail {
  const wanted = textLanguage(language, languages);
  const spoken = mailCatalogue[wanted] ? wanted : 'en';
  const texts = mailCatalogue[spoken] ?? en;
  const mail = texts[kind](readable(spoken, data), isolated(spoken, brand.name));
  const signature = signatureOf(brand, spoken, languages);
  return {
    kind,
    subject: oneLine(mail.subject).slice(0, maxSubjectLength),
    text: plainText(mail, spoken, signature, brand.supportUrl),
    html: htmlMail(mail, spoken, brand, signature),
    sender: {
      name: oneLine(brand.name),
      ...(brand.mail?.from && { from: brand.mail.from }),
      ...(brand.mail?.replyTo && { replyTo: brand.mail.replyTo }),
    },
  };
}

/** The name of a device is written from left to right whatever the language. */
const readable = <Data extends object>(language: string, data: Data): Data =>
  'device' in data && typeof data.device === 'string'
    ? { ...data, device: isolated(language, data.device) }
    : data;

function signatureOf(
  { name, mail }: MailConfiguration['brand'],
  language: string,
  languages: readonly string[],
): string {
  const signature = mail?.signature;
  const tag = languages.find((each) => each.split('-')[0] === language) ?? languages[0] ?? 'en';
  return signature?.[tag] ?? isolated(language, name);
}

function plainText(
  mail: MailText,
  language: string,
  signature: string,
  supportUrl: string | undefined,
): string {
  const line = (value: string): string => inDirection(language, oneLine(value));
  const blocks = [
    line(mail.heading),
    ...mail.before.map(line),
    // Codes and links stand alone, without invisible marks that a copy would take along.
    ...(mail.code ? [`    ${oneLine(mail.code)}`] : []),
    ...(mail.link ? [`    ${oneLine(mail.link)}`] : []),
    ...mail.after.map(line),
  ];
  const footer = [line(signature), ...(supportUrl ? [supportUrl] : [])];
  return `${blocks.join('\n\n')}\n\n-- \n${footer.join('\n')}\n`;
}
