import { expect, test } from 'vitest';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { quickApp, synthesizeStack } from './synthesize.ts';

function synthesizeAssistant(environment: string, context: Readonly<Record<string, unknown>> = {}) {
  const app = quickApp(environment, context);
  const [stack] = app.add(AssistantStack);
  if (stack === undefined) throw new Error('The app has no assistant stack.');
  return synthesizeStack(app, stack);
}

const concurrency = (stack: ReturnType<typeof synthesizeAssistant>) =>
  ['AssistantHighMapping', 'AssistantDefaultMapping'].map(
    (id) => stack.resource('AWS::Lambda::EventSourceMapping', id).Properties['ScalingConfig'],
  );

test('the collector is the export `collect` of the worker’s module', () => {
  const stack = synthesizeAssistant('prod');
  expect(stack.resource('AWS::Lambda::Function', 'AssistantEconomyCollector').Properties['Handler']).toBe(
    'index.collect',
  );
});

test('its number of workers is configurable, with a fifth for the high queue', () => {
  expect(concurrency(synthesizeAssistant('prod'))).toEqual([{ MaximumConcurrency: 10 }, { MaximumConcurrency: 40 }]);
  const few = synthesizeAssistant('dev', { workers: '{"assistant":4}' });
  expect(concurrency(few)).toEqual([{ MaximumConcurrency: 2 }, { MaximumConcurrency: 2 }]);
});

test('its pool has no bucket, and its worker may not read objects', () => {
  const stack = synthesizeAssistant('prod');
  expect(stack.resources('AWS::S3::Bucket')).toEqual({});
  const worker = stack.resource('AWS::Lambda::Function', 'AssistantWorker');
  expect(JSON.stringify(worker.Properties['Environment'])).not.toContain('ARTIFACT_BUCKET');
  expect(JSON.stringify(stack.resource('AWS::IAM::Policy', 'AssistantWorker'))).not.toMatch(/s3:(Get|List)/);
});
