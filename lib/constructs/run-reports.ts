import { Stack, Token } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from '../wiring.ts';
import { RUNS } from './artifact-bucket.ts';

/** Where the workflows write their reports, as JSON, with permission to find the files and to sign links to them. */
export function showingReports(scope: Construct, { reports }: Platform): Wire {
  const stack = FleetStack.of(scope);
  const listed = reports.map(({ stateMachine, artifacts, report }) => {
    const owner = Stack.of(stateMachine);
    stack.addStackDependency(owner);
    // Exported explicitly, so that the names of the imports are known here and can be explained.
    const workflow = owner.exportValue(stateMachine.stateMachineName);
    const { bucketName } = artifacts.bucket;
    const bucket = Token.isUnresolved(bucketName) ? owner.exportValue(bucketName) : bucketName;
    const arn = stack.formatArn({ service: 's3', region: '', account: '', resource: bucket });
    return { workflow, bucket, report, arn };
  });
  return {
    value: JSON.stringify(listed.map(({ workflow, bucket, report }) => ({ workflow, bucket, report }))),
    grantTo: (grantee) => {
      for (const { arn, report } of listed) {
        const files = `${arn}/${RUNS}*/${report}*`;
        const conditions = { StringLike: { 's3:prefix': `${RUNS}*/${report}*` } };
        Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [arn], conditions });
        Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [files] });
        explainStar(scope, files, 'The files of a report lie below the id of their run, which is not known before.');
      }
      if (listed.length > 0) stack.grantDataKey(grantee);
    },
  };
}
