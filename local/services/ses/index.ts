import {
  AwsError,
  type AwsRequest,
  type Cloud,
  type ResourceProvider,
  type Service,
} from '../../platform.ts';
import { arnOf } from '../arns.ts';
import { Fields } from '../fields.ts';
import { json, unknownOperation } from '../json-api.ts';
import { Mailbox, type MessageQuery, type NewMessage, type StoredMessage } from './mailbox.ts';
import { mailboxHttp } from './mailbox-http.ts';
import { bodyOf, type Identities, identityOf, isSendEmail, readMail, sendNeeds } from './send-email.ts';

export type { MessageQuery, StoredMessage } from './mailbox.ts';

export interface OutgoingMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Which message it is, shown and filtered by in the mailbox: `confirmation`, `password-reset`, … */
  readonly kind: string;
}

export interface OutgoingSms {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly kind: string;
  /** Sender id or origination number. @default 'SMS' */
  readonly from?: string;
}

/** Mail and SMS of the other services; everything ends in the mailbox. */
export interface SesService extends Service {
  /**
   * Delivers without HTTP, as Cognito does. With `identityRequired` the sender must be a verified identity
   * (Cognito's `DEVELOPER` sending); without, it is the service's own sender.
   * @returns the message id
   * @throws AwsError `MessageRejected`
   */
  deliver(mail: OutgoingMail, options?: { readonly identityRequired?: boolean }): Promise<string>;
  /** Takes an identity for verified that a template names without making it: the account has it already. */
  acceptIdentity(name: string): Promise<void>;
  /** @returns the message id */
  deliverSms(sms: OutgoingSms): Promise<string>;
  /** Newest first. */
  messages(query?: MessageQuery): readonly StoredMessage[];
}

export function sesService(cloud: Cloud): SesService {
  const identities: Identities = cloud.store.collection('ses-identities');
  const mailbox = new Mailbox(cloud);
  const add = async (message: NewMessage) => (await mailbox.add(message)).id;
  return {
    name: 'ses',
    providers: [identityProvider(cloud, identities)],
    deliver: async ({ to, ...mail }, { identityRequired = false } = {}) => {
      if (identityRequired) identityOf(cloud, identities, mail.from);
      return add({ ...mail, channel: 'email', to: [to] });
    },
    acceptIdentity: (name) => identities.set(name.toLowerCase(), { verifiedAt: cloud.clock.now() }),
    deliverSms: ({ to, text, kind, from = 'SMS' }) =>
      add({ channel: 'sms', from, to: [to], kind, subject: '', text }),
    messages: (query) => mailbox.list(query),
    http: [{ prefix: '/_mailbox', handle: (request) => mailboxHttp(mailbox, request) }],
    api: {
      operationOf: (request) => (isSendEmail(request) ? 'SendEmail' : ''),
      needs: (request) => sendNeeds(cloud, identities, accepted(request)),
      handle: async (request) => {
        const mail = readMail(accepted(request));
        identityOf(cloud, identities, mail.from);
        return json({ MessageId: await add(mail) }, 'application/json');
      },
    },
  };
}

const accepted = (request: AwsRequest): Fields =>
  isSendEmail(request) ? bodyOf(request) : unknownOperation('ses', `${request.method} ${request.path}`);

/** Locally every identity of the template counts as verified. */
const identityProvider = (cloud: Cloud, identities: Identities): ResourceProvider => ({
  type: 'AWS::SES::EmailIdentity',
  provision: async (request) => {
    const identity = new Fields(request.properties).text('EmailIdentity').toLowerCase();
    if (/[\s,;<>]/.test(identity))
      throw new AwsError(
        'ValidationError',
        `${request.logicalId}: EmailIdentity is not one address or domain`,
      );
    await identities.set(identity, { verifiedAt: cloud.clock.now() });
    const tokens = [1, 2, 3].flatMap((index) => [
      [`DkimDNSTokenName${index}`, `local${index}._domainkey.${identity}`],
      [`DkimDNSTokenValue${index}`, `local${index}.dkim.amazonses.com`],
    ]);
    const attributes = { ...Object.fromEntries(tokens), Arn: arnOf(cloud, 'ses', `identity/${identity}`) };
    return { physicalId: identity, attributes };
  },
});
