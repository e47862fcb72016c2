import { Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { MailConfig, VestibuleConfig } from '../config/types.ts';

export interface MailIdentityProps {
  readonly mail: VestibuleConfig['mail'];
  readonly brandName: string;
}

/**
 * The verified SES identity that all mails come from: Cognito's and ours. It is not made here: Cognito refuses a pool
 * whose identity is not verified yet, and all installations of an account and Region share one. See {@link MailStack}.
 */
export class MailIdentity extends Construct {
  /** Settings for the user pool; Cognito's own sender stops at 50 mails a day. */
  readonly poolEmail: cognito.UserPoolEmail;
  private readonly identityArn: string;

  constructor(scope: Construct, id: string, { mail, brandName }: MailIdentityProps) {
    super(scope, id);
    this.identityArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'identity',
      resourceName: sesIdentity(mail),
    });
    this.poolEmail = cognito.UserPoolEmail.withSES({
      fromEmail: mail.from,
      fromName: displayName(brandName),
      replyTo: mail.replyTo,
      sesRegion: Stack.of(this).region,
      ...(mail.identity !== 'address' && { sesVerifiedDomain: sesIdentity(mail) }),
    });
  }

  /** Lets `grantee` send as this identity and no other. */
  grantSend(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({ grantee, actions: ['ses:SendEmail'], resourceArns: [this.identityArn] });
  }
}

/** Name of the SES identity: the domain of the sender, or its whole address. */
export const sesIdentity = ({ from, identity }: MailConfig): string =>
  identity === 'address' ? from : from.slice(from.indexOf('@') + 1);

/** Quoted where RFC 5322 does not allow the name as it is. */
const displayName = (name: string): string =>
  /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name) ? name : JSON.stringify(name);
