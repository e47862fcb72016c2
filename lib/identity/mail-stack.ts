import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ses from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { MailConfig } from '../config/types.ts';
import { sesIdentity } from './mail-identity.ts';

export interface MailStackProps extends StackProps {
  readonly mail: MailConfig;
}

/**
 * The SES identity of the sender, once per account and Region, deployed and verified before any installation.
 * Kept when the stack is deleted: a new identity has new DNS records.
 */
export class MailStack extends Stack {
  constructor(scope: Construct, id: string, { mail, ...props }: MailStackProps) {
    super(scope, id, { description: 'Sender of the mails of Vestibule', ...props });
    const name = sesIdentity(mail);
    const isAddress = mail.identity === 'address';
    const identity = new ses.EmailIdentity(this, 'Sender', {
      identity: isAddress ? ses.Identity.email(name) : ses.Identity.domain(name),
    });
    identity.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new CfnOutput(this, 'Identity', {
      value: identity.emailIdentityName,
      description: isAddress
        ? 'Open the link in the mail that SES sends to this address'
        : 'Put the CNAME records below into the DNS of this domain',
    });
    if (!isAddress) this.publishRecords(identity);
  }

  private publishRecords({ dkimRecords }: ses.EmailIdentity): void {
    dkimRecords.forEach(({ name, value }, index) => {
      new CfnOutput(this, `Cname${index + 1}`, { value: `${name} CNAME ${value}` });
    });
  }
}
