import { expect, test } from 'vitest';
import { SupportStack } from '../../stack.ts';
import { quickApp, synthesizeStack } from '#test/synth/synthesize.ts';

function synthesizeSupport(context: Readonly<Record<string, unknown>> = {}) {
  const app = quickApp('prod', context);
  const [stack] = app.add(SupportStack);
  if (stack === undefined) throw new Error('The app has no support stack.');
  return synthesizeStack(app, stack);
}

const policy = (stack: ReturnType<typeof synthesizeSupport>, role: string): string =>
  JSON.stringify(stack.resource('AWS::IAM::Policy', role).Properties);

test('its pool scales to fifty workers for customers’ messages, or to the configured number', () => {
  const most = (stack: ReturnType<typeof synthesizeSupport>) =>
    ['SupportAgentHighMapping', 'SupportAgentDefaultMapping'].map(
      (id) => stack.resource('AWS::Lambda::EventSourceMapping', id).Properties['ScalingConfig'],
    );
  expect(most(synthesizeSupport())).toEqual([{ MaximumConcurrency: 12 }, { MaximumConcurrency: 50 }]);
  const few = synthesizeSupport({ workers: '{"support-agent":10}' });
  expect(most(few)).toEqual([{ MaximumConcurrency: 2 }, { MaximumConcurrency: 8 }]);
});

test('only the worker can access the shop, and only the webhook the signing secret', () => {
  const stack = synthesizeSupport();
  expect(policy(stack, 'SupportAgentWorker')).toContain('ShopTable');
  expect(policy(stack, 'IntakeReceiver')).not.toContain('ShopTable');
  expect(policy(stack, 'IntakeReceiver')).toContain('IntakeSecret');
  expect(policy(stack, 'SupportAgentWorker')).not.toContain('IntakeSecret');
  expect(policy(stack, 'SupportAgentWorker')).not.toMatch(/dynamodb:(?:Scan|UpdateTable|\*)/);
});

test('the webhook’s tasks belong to the default tenant, or to the configured one', () => {
  const tenantOf = (stack: ReturnType<typeof synthesizeSupport>) =>
    stack.resource('AWS::Lambda::Function', 'IntakeReceiver').Properties['Environment'];
  expect(tenantOf(synthesizeSupport())).toMatchObject({ Variables: { TENANT: 'default' } });
  const shop = synthesizeSupport({ 'support.tenant': 'shop' });
  expect(tenantOf(shop)).toMatchObject({ Variables: { TENANT: 'shop' } });
  expect(() => synthesizeSupport({ 'support.tenant': 'My Shop' })).toThrow('lower case letters');
});
