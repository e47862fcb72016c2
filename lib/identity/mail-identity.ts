import { Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { VestibuleConfig } from '../config/types.ts';

export interface MailIdentityProps {
  readonly mail: VestibuleConfig['mail'];
  readonly brandName: string;
}

/** The SES identity that all mails come from: Cognito's and ours. */
export class MailIdentity extends Construct {
  /** Settings for the user pool; Cognito's own sender stops at 50 mails a day. */
  readonly poolEmail: cognito.UserPoolEmail;
  private readonly identityArn: string;

  constructor(scope: Construct, id: string, { mail, brandName }: MailIdentityProps) {
    super(scope, id);
    const domain = mail.from.slice(mail.from.indexOf('@') + 1);
    if (mail.identity !== 'existing') {
      new ses.EmailIdentity(this, 'Domain', { identity: ses.Identity.domain(domain) });
    }
    this.identityArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'identity',
      resourceName: domain,
    });
    this.poolEmail = cognito.UserPoolEmail.withSES({
      fromEmail: mail.from,
      fromName: displayName(brandName),
      replyTo: mail.replyTo,
      sesRegion: Stack.of(this).region,
      sesVerifiedDomain: domain,
    });
  }

  /** Lets `grantee` send as this identity and no other. */
  grantSend(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({ grantee, actions: ['ses:SendEmail'], resourceArns: [this.identityArn] });
  }
}

/** Quoted where RFC 5322 does not allow the name as it is. */
const displayName = (name: string): string =>
  /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name) ? name : JSON.stringify(name);
