import { expect, test } from 'vitest';
import { EchoStack } from '../systems/echo/stack.ts';
import { ParrotStack } from '../systems/parrot/stack.ts';
import { quickApp, synthesizeStack } from './synthesize.ts';

/** Functions that end tasks and thus wake others, with the pools whose queues they find by name. */
const ENDS_TASKS: readonly [string, readonly string[]][] = [
  ['EchoWorker', ['parrot']],
  ['EchoSweeper', ['parrot']],
  ['EchoDeadLettersBurial', ['echo', 'parrot']],
];

test.each(ENDS_TASKS)(
  '%s may send to the queues of each pool, even if its stack is added later, and to no other queue',
  (id, agents) => {
    const app = quickApp('dev');
    const [stack] = app.add(EchoStack);
    app.add(ParrotStack);
    if (stack === undefined) throw new Error('The app has no echo stack.');
    const policies = Object.entries(synthesizeStack(app, stack).resources('AWS::IAM::Policy'));
    const [, policy] = policies.find(([name]) => name.startsWith(id) && name.includes('RoleDefaultPolicy')) ?? [];
    const text = JSON.stringify(policy?.Properties['PolicyDocument']);
    const names = new Set([...text.matchAll(/:(fleet-dev-[\w-]+)"/g)].map(([, name]) => name));
    const pools = agents.flatMap((agent) => [`fleet-dev-${agent}-default`, `fleet-dev-${agent}-high`]);
    expect(names).toEqual(new Set(pools));
    expect(text).toContain('sqs:GetQueueUrl');
  },
);

test('pools find each other by name, so their stacks do not depend on each other', () => {
  const app = quickApp('dev');
  const [echo] = app.add(EchoStack);
  const [parrot] = app.add(ParrotStack);
  if (echo === undefined || parrot === undefined) throw new Error('The app has no echo or parrot stack.');
  app.synth();
  expect(echo.dependencies).not.toContain(parrot);
  expect(parrot.dependencies).not.toContain(echo);
});
