import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { afterEach, expect, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import type { FleetApp } from '#lib/fleet-app.ts';
import { FleetStack } from '#lib/fleet-stack.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { CalculatorStack } from '../systems/calculator/stack.ts';
import { nagFindings } from './nag.ts';
import { quickApp } from './synthesize.ts';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

/** The platform, all systems and the API. */
async function wholeApp(environment: string, context: Readonly<Record<string, unknown>> = {}): Promise<FleetApp> {
  const app = quickApp(environment, { account: '111122223333', ...context });
  await app.addSystems(systems);
  return app;
}

test.each(['dev', 'staging', 'prod'])('cdk-nag has no unexplained finding in any stack of %s', async (environment) => {
  const app = await wholeApp(environment);
  expect(nagFindings(app)).toEqual([]);
  const stacks = app.node.children.filter((child) => child instanceof FleetStack);
  expect(stacks).toHaveLength(systems.length + 3);
});

test('nor in the stacks of three regions', async () => {
  const app = await wholeApp('global');
  expect(nagFindings(app)).toEqual([]);
  const stacks = app.node.children.filter((child) => child instanceof FleetStack);
  expect(stacks).toHaveLength(3 * (systems.length + 5) + 1);
}, 240_000);

test('nor with a key, a permissions boundary, warm workers and alarms', async () => {
  const everything = {
    kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555',
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:on-call',
    warmWorkers: 2,
    reservedConcurrency: 100,
  };
  expect(nagFindings(await wholeApp('prod', everything))).toEqual([]);
});

test('nor in a stack with a sandbox', () => {
  const app = quickApp('prod', { account: '111122223333' });
  app.add(CalculatorStack);
  expect(nagFindings(app)).toEqual([]);
});

test('an unexplained finding is reported', () => {
  const app = quickApp('dev');
  const [stack] = app.add(AssistantStack);
  expect(new CfnBucket(stack as FleetStack, 'Open').node.id).toBe('Open');
  expect(nagFindings(app)).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10']));
});
