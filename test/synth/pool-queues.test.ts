import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { EchoStack } from '../systems/echo/stack.ts';
import { ParrotStack } from '../systems/parrot/stack.ts';
import { quickApp, removeFolder, synthesizeBoth, type Resource } from './synthesize.ts';

/** Functions that end tasks and thus wake others. */
const ENDS_TASKS = ['EchoWorkerRole', 'EchoSweeperSweepRole', 'EchoDeadLettersBurialRole'];

const queuesIn = (policy: Resource): ReadonlySet<string> => {
  const text = JSON.stringify(policy.Properties['PolicyDocument']);
  return new Set([...text.matchAll(/:(fleet-dev-[\w-]+)"/g)].map(([, name = '']) => name));
};

test('what ends tasks may send to the queues of each pool, even if its stack is added later, and to no other queue', () => {
  const app = quickApp('dev');
  const [echo] = app.add(EchoStack);
  app.add(ParrotStack);
  if (echo === undefined) throw new Error('The app has no echo stack.');
  const [system, platform] = synthesizeBoth(app, echo, app.platform('us-east-1'));
  const roles = Object.entries(system.resources('AWS::IAM::Role'));
  for (const id of ENDS_TASKS) {
    const [, role] = roles.find(([name]) => name.startsWith(id)) ?? [];
    expect(JSON.stringify(role?.Properties['ManagedPolicyArns'])).toContain('PoolsSenders1');
  }
  const policy = platform.resource('AWS::IAM::ManagedPolicy', 'PoolsSenders');
  const pools = ['echo', 'parrot'].flatMap((agent) => [`fleet-dev-${agent}-default`, `fleet-dev-${agent}-high`]);
  expect(queuesIn(policy)).toEqual(new Set(pools));
  expect(JSON.stringify(policy)).toContain('sqs:GetQueueUrl');
});

test("one pool more changes nothing in another system's stack, so however many there are, it stays as large", () => {
  const [alone, beside] = [[], [ParrotStack]].map((others) => {
    const app = quickApp('dev');
    const [echo] = app.add(EchoStack);
    for (const other of others) app.add(other);
    if (echo === undefined) throw new Error('The app has no echo stack.');
    const template = Template.fromStack(echo).toJSON();
    removeFolder(app.outdir);
    return template;
  });
  expect(beside).toEqual(alone);
});

test('of many pools with long names, each policy stays within the 6,144 characters of IAM, and roles have them all', () => {
  const app = quickApp('dev', { prefix: 'p'.repeat(30) });
  const [echo] = app.add(EchoStack);
  const platform = app.platform('us-east-1');
  if (echo === undefined) throw new Error('The app has no echo stack.');
  for (let index = 0; index < 60; index += 1) {
    platform.senders.add(`agent-${index}`.padEnd(40, 'x'));
  }
  const [system, shared] = synthesizeBoth(app, echo, platform);
  const role = system.resource('AWS::IAM::Role', 'EchoWorkerRole');
  const policies = Object.values(shared.resources('AWS::IAM::ManagedPolicy')).filter(
    ({ Properties: { Description } }) => Description === 'Sends tasks to the queues of all agents',
  );
  expect(policies).toHaveLength(3);
  expect(JSON.stringify(role.Properties['ManagedPolicyArns']).match(/PoolsSenders/g)).toHaveLength(3);
  for (const { Properties } of policies) expect(charactersOf(Properties['PolicyDocument'])).toBeLessThan(6_144);
});

/** As IAM counts them, once CloudFormation has filled in partition and account. */
function charactersOf(document: unknown): number {
  const filled = JSON.stringify(document)
    .replaceAll('{"Ref":"AWS::Partition"}', '"aws-us-gov"')
    .replaceAll('{"Ref":"AWS::AccountId"}', '"123456789012"');
  return filled.replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replaceAll(/[",]/g, '')}"`)
    .length;
}

test('pools find each other by name, so their stacks do not depend on each other', () => {
  const app = quickApp('dev');
  const [echo] = app.add(EchoStack);
  const [parrot] = app.add(ParrotStack);
  if (echo === undefined || parrot === undefined) throw new Error('The app has no echo or parrot stack.');
  app.synth();
  removeFolder(app.outdir);
  expect(echo.dependencies).not.toContain(parrot);
  expect(parrot.dependencies).not.toContain(echo);
});
