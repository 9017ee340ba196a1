import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referred } from '#test/synth/synthesize.ts';
import { synthesize } from './synthesize.ts';

const dev = synthesize('dev');
const functions = Object.values(dev.resources('AWS::Lambda::Function'));

test('the stack has seven functions, and none added by the CDK', () => {
  expect(functions).toHaveLength(7);
});

test('every function has its own role', () => {
  const roles = functions.map(({ Properties }) => referred(Properties['Role']));
  expect(new Set(roles).size).toBe(functions.length);
});

test('every function has its own log group with the configured retention', () => {
  const groups = dev.resources('AWS::Logs::LogGroup');
  const used = functions.map(({ Properties }) => {
    const { LogGroup } = Properties['LoggingConfig'] as { LogGroup?: unknown };
    return referred(LogGroup);
  });
  expect(new Set(used).size).toBe(functions.length);
  for (const id of used) expect(groups).toHaveProperty(String(id));
  for (const { Properties } of Object.values(groups)) expect(Properties['RetentionInDays']).toBe(7);
});

test('every function runs on Node.js 24 on arm64 and is traced', () => {
  for (const { Properties } of functions) {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  }
});

test('functions that send to their own queues allow recursive loops', () => {
  const loops = Object.entries(dev.resources('AWS::Lambda::Function'))
    .filter(([, { Properties }]) => Properties['RecursiveLoop'] === 'Allow')
    .map(([id]) => id);
  expect(loops).toEqual([expect.stringMatching(/^ContractAnalystWorker/), expect.stringMatching(/^Intake/)]);
});

test('the sweeper runs every minute, and a failed sweep is not retried', () => {
  const schedule = dev.resource('AWS::Scheduler::Schedule');
  expect(schedule.Properties['ScheduleExpression']).toBe('rate(1 minute)');
  expect(
    dev.resource('AWS::Lambda::EventInvokeConfig', 'ContractAnalystSweeper').Properties['MaximumRetryAttempts'],
  ).toBe(0);
});

test('warm workers are provisioned on the alias that the mappings invoke', () => {
  const warm = synthesize('dev', { warmWorkers: '3', reservedConcurrency: '60' });
  const { Properties } = warm.resource('AWS::Lambda::Alias', 'ContractAnalystLive');
  expect(Properties['ProvisionedConcurrencyConfig']).toEqual({ ProvisionedConcurrentExecutions: 3 });
  const worker = warm.resource('AWS::Lambda::Function', 'ContractAnalystWorker');
  expect(worker.Properties['ReservedConcurrentExecutions']).toBe(60);
});

test('only the workers get the URL of a model gateway', () => {
  const configured = Object.entries(
    synthesize('dev', { modelBaseUrl: 'https://gateway.example.com' }).resources('AWS::Lambda::Function'),
  )
    .filter(([, { Properties }]) => JSON.stringify(Properties['Environment']).includes('gateway.example.com'))
    .map(([id]) => id);
  expect(configured).toEqual([expect.stringMatching(/^ContractAnalystWorker/)]);
  expect(JSON.stringify(functions)).not.toContain('ANTHROPIC_BASE_URL');
});

test('the outputs have the names that the command line reads', () => {
  // Exports are for other stacks.
  const outputs = Object.keys(dev.outputs).filter((name) => !name.startsWith('ExportsOutput'));
  expect(outputs.toSorted()).toEqual([
    'DeadLetterQueueUrl',
    'DefaultQueueUrl',
    'HighQueueUrl',
    'ModelSecret',
    'ReportTopicArn',
    'StateMachineArn',
    'StateTable',
    'System',
    'UploadBucket',
    'UploadStates',
    'WorkerFunction',
  ]);
});

test('every handler file exists', () => {
  const sources = ['lib/constructs/task-intake.ts', 'lib/constructs/sweeper.ts', 'lib/constructs/dead-letters.ts'];
  const entries = [...sources, 'systems/documents/stack.ts'].flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/'([\w/-]+\/handler\.ts)'/g),
  ]);
  expect(entries).toHaveLength(5);
  expect(entries.filter(([, entry = '']) => !existsSync(entry))).toEqual([]);
});
