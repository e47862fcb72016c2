import { AwsError, type AwsRequest, type Cloud, type Collection, type Needed } from '../../platform.ts';
import { arnOf } from '../arns.ts';
import { Fields } from '../fields.ts';
import type { NewMessage } from './mailbox.ts';
import { parseMail } from './mime.ts';

export type Identities = Collection<{ readonly verifiedAt: number }>;

const maxRecipients = 50;

/** The bare address of `Name <address>`. */
export const addressOf = (text: string): string => (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim();

/** An address is covered by itself or by its domain. @throws AwsError `MessageRejected` as in the SES sandbox */
export function identityOf(cloud: Cloud, identities: Identities, from: string): string {
  const address = addressOf(from).toLowerCase();
  const domain = address.split('@').at(-1) ?? '';
  const found = [address, domain].find((name) => identities.has(name));
  if (found) return found;
  const region = cloud.region.toUpperCase();
  throw new AwsError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${region}: ${address}`,
  );
}

export function sendNeeds(cloud: Cloud, identities: Identities, input: Fields): readonly Needed[] {
  const mail = readMail(input);
  const identity = identityOf(cloud, identities, mail.from);
  const isRaw = input.object('Content').has('Raw');
  const context = { 'ses:FromAddress': addressOf(mail.from), 'ses:Recipients': mail.to };
  const action = isRaw ? 'ses:SendRawEmail' : 'ses:SendEmail';
  return [{ action, resource: arnOf(cloud, 'ses', `identity/${identity}`), context }];
}

/** @throws AwsError `BadRequestException` naming what is missing, too long or not implemented */
export function readMail(input: Fields): NewMessage {
  const content = input.object('Content');
  const tags = input.objects('EmailTags').map((tag) => [tag.text('Name'), tag.text('Value')] as const);
  const kind = new Map(tags).get('kind') ?? 'mail';
  if (content.has('Raw')) return rawMail(input, content.object('Raw'), kind);
  if (!content.has('Simple'))
    return content.refuse('Content', 'templates are not implemented locally; use Simple or Raw');
  const simple = content.object('Simple');
  const body = simple.object('Body');
  const html = body.optionalObject('Html')?.text('Data');
  const headers = simple.objects('Headers').map((header) => [header.text('Name'), header.text('Value')]);
  return {
    channel: 'email',
    from: input.text('FromEmailAddress'),
    to: recipients(input),
    kind,
    subject: simple.object('Subject').text('Data'),
    text: body.optionalObject('Text')?.text('Data') ?? '',
    ...(html !== undefined && { html }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) as Record<string, string> }),
  };
}

function rawMail(input: Fields, raw: Fields, kind: string): NewMessage {
  const { headers, text, html } = parseMail(raw.bytes('Data').toString('utf8'));
  const given = input.has('Destination')
    ? recipients(input)
    : (headers.to ?? '').split(',').map((each) => each.trim());
  return {
    channel: 'email',
    from:
      input.optionalText('FromEmailAddress') ??
      headers.from ??
      input.refuse('FromEmailAddress', 'is required'),
    to: given.map(addressOf),
    kind,
    subject: headers.subject ?? '',
    text: text ?? '',
    headers,
    ...(html !== undefined && { html }),
  };
}

function recipients(input: Fields): readonly string[] {
  const destination = input.object('Destination');
  const all = ['ToAddresses', 'CcAddresses', 'BccAddresses'].flatMap((name) => destination.texts(name));
  if (all.length === 0 || all.length > maxRecipients) {
    return input.refuse('Destination', `expected 1 to ${maxRecipients} recipients, got ${all.length}`);
  }
  const broken = all.find((address) => !/^[^\s@,;<>]+@[^\s@,;<>]+$/.test(addressOf(address)));
  if (broken !== undefined) return input.refuse('Destination', 'a recipient is not one e-mail address');
  return all.map(addressOf);
}

export const isSendEmail = ({ method, path }: Pick<AwsRequest, 'method' | 'path'>): boolean =>
  method === 'POST' && /^\/v2\/email\/outbound-emails\/?$/.test(path.split('?')[0] ?? '');

export const bodyOf = (request: AwsRequest): Fields => {
  try {
    return new Fields(JSON.parse(request.body.toString('utf8')), 'BadRequestException');
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('BadRequestException', 'the request body is not valid JSON');
  }
};
