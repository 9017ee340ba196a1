import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { FleetStack, type Wire } from '#lib/index.ts';

/** The address alone, as in `Market <market@example.com>`. */
const addressOf = (mailbox: string): string => /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox;

/** The variable with the sender of mail, and the permission to send from its address alone. */
export function mailing(scope: Construct, from: string | undefined): { readonly MAIL_FROM?: Wire } {
  if (from === undefined) return {};
  const address = addressOf(from);
  const identity = address.replace(/^.*@/, '');
  const arn = FleetStack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName: identity });
  return {
    MAIL_FROM: {
      value: from,
      grantTo: (grantee) =>
        Grant.addToPrincipal({
          grantee,
          actions: ['ses:SendEmail'],
          resourceArns: [arn],
          conditions: { StringEquals: { 'ses:FromAddress': address } },
        }),
    },
  };
}
