import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '#lib/config.ts';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { referred } from '#test/synth/synthesize.ts';
import { synthesize } from './synthesize.ts';

const prod = synthesize('prod');
const queues = prod.resources('AWS::SQS::Queue');
const functions = prod.resources('AWS::Lambda::Function');
const mappings = Object.values(prod.resources('AWS::Lambda::EventSourceMapping'));

const redrive = z.object({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.number() });
const redriveOf = (id: string) => redrive.optional().parse(queues[id]?.Properties['RedrivePolicy']);
/** Lambda's own: what a function could not handle after its last try. */
const onFailure = z.object({ OnFailure: z.object({ Destination: z.unknown() }) });
const destinations = Object.values(prod.resources('AWS::Lambda::EventInvokeConfig')).flatMap(
  ({ Properties }) => onFailure.safeParse(Properties['DestinationConfig']).data?.OnFailure.Destination ?? [],
);
const deadLetterQueues = new Set([
  ...Object.keys(queues).map((id) => referred(redriveOf(id)?.deadLetterTargetArn)),
  ...destinations.map(referred),
]);
const working = Object.keys(queues).filter((id) => !deadLetterQueues.has(id));

test('every queue except the dead-letter queues has a dead-letter queue', () => {
  expect(working).toHaveLength(3);
  for (const id of working) expect(queues).toHaveProperty(String(referred(redriveOf(id)?.deadLetterTargetArn)));
});

test('the end of a run that was not handled after three tries is kept, and an alarm says so', () => {
  const config = prod.resource('AWS::Lambda::EventInvokeConfig', 'FanOutEnd').Properties;
  expect(config['MaximumRetryAttempts']).toBe(2);
  const queue = referred(onFailure.parse(config['DestinationConfig']).OnFailure.Destination);
  const alarm = prod.resource('AWS::CloudWatch::Alarm', 'FanOutUnendedAlarm').Properties;
  expect(JSON.stringify(alarm['Dimensions'])).toContain(queue);
});

test('a message can be received up to 100 times, since waiting is not a failure', () => {
  const pool = working.filter((id) => id.startsWith('ContractAnalyst'));
  expect(pool.map((id) => redriveOf(id)?.maxReceiveCount)).toEqual([100, 100]);
});

test('every queue is encrypted and denies access without TLS', () => {
  const policies = Object.values(prod.resources('AWS::SQS::QueuePolicy'));
  for (const [id, { Properties }] of Object.entries(queues)) {
    expect(Properties['SqsManagedSseEnabled']).toBe(true);
    const policy = policies.find(
      ({ Properties: { Queues } }) => referred(z.array(z.unknown()).parse(Queues)[0]) === id,
    );
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    const denial = expect.objectContaining({ Effect: 'Deny', Action: 'sqs:*', Condition });
    expect(policy?.Properties['PolicyDocument']).toMatchObject({ Statement: expect.arrayContaining([denial]) });
  }
});

test('a dead letter is kept longer than a message', () => {
  const DAY = 86_400;
  for (const [id, { Properties }] of Object.entries(queues)) {
    expect(Properties['MessageRetentionPeriod']).toBe(deadLetterQueues.has(id) ? 14 * DAY : 4 * DAY);
  }
});

test('the visibility timeout is at least six times the function’s time limit, and at most 90 minutes', () => {
  expect(mappings).toHaveLength(4);
  for (const { Properties } of mappings) {
    const id = referred(Properties['EventSourceArn']) ?? '';
    const visibility = z.number().parse(queues[id]?.Properties['VisibilityTimeout']);
    const window = z.number().default(0).parse(Properties['MaximumBatchingWindowInSeconds']);
    expect(visibility).toBeGreaterThanOrEqual(6 * timeLimitOf(Properties['FunctionName']) + window);
    expect(visibility).toBeLessThanOrEqual(5_400);
  }
});

/** The time limit of a mapping's function. A template refers to the function or to its alias. */
function timeLimitOf(functionName: unknown): number {
  const text = JSON.stringify(functionName);
  const alias = Object.entries(prod.resources('AWS::Lambda::Alias')).find(([id]) => text.includes(id));
  const id = alias === undefined ? referred(functionName) : referred(alias[1].Properties['FunctionName']);
  return z.number().parse(functions[id ?? '']?.Properties['Timeout']);
}

test('batches report failures per message', () => {
  for (const { Properties } of mappings)
    expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
});

test('each queue of the pool has its own workers; those of the default queue divide the agents among them', () => {
  const scaling = mappings.map(({ Properties }) => [
    referred(Properties['EventSourceArn']),
    Properties['ScalingConfig'],
  ]);
  const pool = scaling.filter(([id]) => /^ContractAnalyst(High|Default)Queue/.test(String(id)));
  expect(pool.map(([, config]) => config)).toEqual([
    { MaximumConcurrency: 2 },
    { MaximumConcurrency: Number(loadConfig('prod').systems['documents']?.['agents']) / 5 },
  ]);
});

test('the worker’s time limit is that of the agent', () => {
  const worker = prod.resource('AWS::Lambda::Function', 'ContractAnalystWorker');
  expect(worker.Properties['Timeout']).toBe(contractAnalyst.timeLimit);
});
