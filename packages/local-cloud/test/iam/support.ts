import { Iam } from '../../src/iam/iam.ts';
import type { Caller } from '../../src/services/service.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/worker';
/** A function that uses the role. */
export const WORKER: Caller = { accessKeyId: 'ASIA', principal: ROLE };

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const send = (name: string) => ({ QueueUrl: `http://127.0.0.1:1/000000000000/${name}`, MessageBody: 'x' });

export const machineArn = (name: string): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
/** The state machines of task tokens. */
const MACHINES: Readonly<Record<string, string>> = { 'of-run': machineArn('run'), 'of-child': machineArn('run/Each') };

const TRUST = {
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

/** Creates an IAM with one role that has these statements in its policy `Stack/Policy`. */
export function iamWith(...statements: readonly object[]): Iam {
  const secretArn = (name: string): string | undefined =>
    name === 'fleet/key' ? 'arn:aws:secretsmanager:us-east-1:000000000000:secret:fleet/key-AbCdEf' : undefined;
  const machineOf = (token: string): string | undefined => MACHINES[token];
  const emailIdentity = (): string => 'example.com';
  const iam = new Iam({ account: '000000000000', region: 'us-east-1', secretArn, emailIdentity, machineOf });
  iam.addRole(ROLE, 'worker', TRUST, 'Stack/Role');
  iam.attach(['worker'], { Statement: statements }, 'Stack/Policy');
  return iam;
}
