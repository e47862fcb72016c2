import { Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { BrandConfig } from '../config/brands.ts';
import type { MailConfig, VestibuleConfig } from '../config/types.ts';

export interface MailIdentityProps {
  readonly mail: VestibuleConfig['mail'];
  /** The default one first: Cognito's own mails come in its name. */
  readonly brands: readonly Pick<BrandConfig, 'name' | 'mail'>[];
}

/**
 * The verified SES identity that all mails come from: Cognito's and ours. It is not made here: Cognito refuses a pool
 * whose identity is not verified yet, and all installations of an account and Region share one. See {@link MailStack}.
 */
export class MailIdentity extends Construct {
  /** Settings for the user pool; Cognito's own sender stops at 50 mails a day. */
  readonly poolEmail: cognito.UserPoolEmail;
  private readonly identityArns: readonly string[];

  constructor(scope: Construct, id: string, { mail, brands }: MailIdentityProps) {
    super(scope, id);
    this.identityArns = [
      ...new Set([sesIdentity(mail), ...brands.flatMap((brand) => ownIdentity(mail, brand))]),
    ].map((resourceName) => Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName }));
    this.poolEmail = cognito.UserPoolEmail.withSES({
      fromEmail: mail.from,
      fromName: displayName(brands[0]?.name ?? ''),
      replyTo: mail.replyTo,
      sesRegion: Stack.of(this).region,
      ...(mail.identity !== 'address' && { sesVerifiedDomain: sesIdentity(mail) }),
    });
  }

  /** Lets `grantee` send as these identities and no other. */
  grantSend(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({ grantee, actions: ['ses:SendEmail'], resourceArns: [...this.identityArns] });
  }
}

/** A brand's own address is covered by the identity of `mail`, or by one of its own that somebody has verified. */
const ownIdentity = (mail: MailConfig, brand: Pick<BrandConfig, 'mail'>): readonly string[] =>
  brand.mail?.from ? [sesIdentity({ ...mail, from: brand.mail.from })] : [];

/** Name of the SES identity: the domain of the sender, or its whole address. */
export const sesIdentity = ({ from, identity }: MailConfig): string =>
  identity === 'address' ? from : from.slice(from.indexOf('@') + 1);

/** Quoted where RFC 5322 does not allow the name as it is. */
const displayName = (name: string): string =>
  /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name) ? name : JSON.stringify(name);
