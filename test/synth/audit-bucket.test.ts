import { expect, test } from 'vitest';
import { synthesizePlatform } from './synthesize.ts';

const lockOf = (environment: string) =>
  synthesizePlatform(environment).resource('AWS::S3::Bucket', 'AuditBucket').Properties;

test('I7: entries of the audit trail are locked for a year where data is protected, against everybody', () => {
  expect(lockOf('prod')).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
  });
});

test('a dev environment can be destroyed: its lock is for a day, and governed', () => {
  expect(lockOf('dev')).toMatchObject({
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
  });
});

test('who calls tools may add entries, and neither read nor delete them', () => {
  const { PolicyDocument } = synthesizePlatform('prod').resource('AWS::IAM::ManagedPolicy', 'AuditRecorder').Properties;
  expect(PolicyDocument).toMatchObject({ Statement: [{ Action: 's3:PutObject', Effect: 'Allow' }] });
});
