import { afterEach, expect, test } from 'vitest';
import { nagFindings } from '#test/synth/nag.ts';
import { quickApp } from '#test/synth/synthesize.ts';
import { DocumentsStack } from '../../stack.ts';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

test.each([
  ['mail', { 'documents.notificationEmail': 'contracts@example.com' }],
  [
    'a key, a permissions boundary, warm workers, alarms and mail',
    {
      kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
      alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:on-call',
      'documents.notificationEmail': 'contracts@example.com',
      warmWorkers: 2,
      reservedConcurrency: 100,
    },
  ],
  [
    'an existing bucket, whose notifications a CDK function configures',
    { 'documents.uploadBucket': 'contracts-of-ours' },
  ],
  ['Amazon Bedrock', { model: '{"provider":"bedrock","profile":"us"}' }],
  ['Claude Platform on AWS', { model: '{"provider":"claude-platform-aws","workspaceId":"wrkspc_01"}' }],
])('cdk-nag has no unexplained finding in the documents stack with %s', (_, context) => {
  const app = quickApp('prod', { account: '111122223333', ...context });
  app.add(DocumentsStack);
  expect(nagFindings(app)).toEqual([]);
});
