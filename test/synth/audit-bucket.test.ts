import { expect, test } from 'vitest';
import { synthesizePlatform } from './synthesize.ts';

const lockOf = (environment: string) =>
  synthesizePlatform(environment).resource('AWS::S3::Bucket', 'AuditBucket').Properties;

test('I7: where data is protected, audit entries are locked for a year against everybody', () => {
  expect(lockOf('prod')).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
  });
});

test('a dev environment can be deleted: its lock is for one day, in governance mode', () => {
  expect(lockOf('dev')).toMatchObject({
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
  });
});

test('functions that call tools may add entries, but not read or delete them', () => {
  const { PolicyDocument } = synthesizePlatform('prod').resource('AWS::IAM::ManagedPolicy', 'AuditRecorder').Properties;
  expect(PolicyDocument).toMatchObject({ Statement: [{ Action: 's3:PutObject', Effect: 'Allow' }] });
});
