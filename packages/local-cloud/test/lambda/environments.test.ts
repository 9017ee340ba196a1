import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

const code = {
  counter: `let events = 0; export const handler = async () => ++events;`,
  fickle: `let events = 0;
    export const handler = async (event) => {
      events++;
      if (event === 'exit') process.exit(3);
      if (event === 'hang') await new Promise(() => setInterval(() => {}, 1000));
      if (event === 'spin') for (;;);
      if (event === 'later') setTimeout(() => { throw new RangeError('too late'); });
      if (event === 'later') await new Promise(() => {});
      if (event === 'eat') { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }
      return events;
    };`,
  gate: `export const handler = async () => { console.log('inside'); await new Promise((done) => setTimeout(done, 100)); };`,
  talker: `export const handler = async (name) => { console.log('hello', { name }); process.stdout.write('{"raw":1}\\n'); return null; };`,
};

const resources = {
  Counter: functionResource('counter'),
  Fickle: functionResource('fickle', { Timeout: 1, MemorySize: 64 }),
  Gate: functionResource('gate', { ReservedConcurrentExecutions: 2 }),
  Talker: functionResource('talker'),
  Json: functionResource('json', {
    Code: { S3Bucket: 'assets', S3Key: 'talker.zip' },
    LoggingConfig: { LogFormat: 'JSON' },
  }),
};

let cloud: FixtureCloud;
beforeAll(async () => {
  cloud = await startFixture({ code, resources });
});
afterAll(() => cloud[Symbol.asyncDispose]());

async function invoke(FunctionName: string, event: unknown = null): Promise<Record<string, unknown>> {
  const answer = await cloud.call('lambda', 'Invoke', { FunctionName, Payload: JSON.stringify(event) }, ROOT);
  return { ...answer, Payload: JSON.parse(String(answer['Payload'])) as unknown };
}

function coldStarts(name: string): number {
  return cloud.events.filter((event) => event.code === 'lambda.cold-start' && event.function === name).length;
}

test('an environment has one cold start, then serves further events', async () => {
  expect((await invoke('counter'))['Payload']).toBe(1);
  expect((await invoke('counter'))['Payload']).toBe(2);
  expect(coldStarts('counter')).toBe(1);
});

test('concurrent events run in separate environments, up to the reserved concurrency', async () => {
  const both = [invoke('gate'), invoke('gate')];
  await expect(invoke('gate')).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
  await Promise.all(both);
  await expect.poll(() => coldStarts('gate')).toBe(2);
  await invoke('gate');
  expect(coldStarts('gate')).toBe(2);
});

test.each([
  [
    'exit',
    {
      errorType: 'Runtime.ExitError',
      errorMessage: /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
    },
  ],
  ['later', { errorType: 'RangeError', errorMessage: /^RequestId: \S+ too late$/ }],
  [
    'hang',
    { errorType: 'Sandbox.Timedout', errorMessage: /^RequestId: \S+ Error: Task timed out after 1.00 seconds$/ },
  ],
  ['spin', { errorType: 'Sandbox.Timedout', errorMessage: /Task timed out after 1.00 seconds$/ }],
  ['eat', { errorType: 'Runtime.OutOfMemory', errorMessage: /signal: killed$/ }],
])(
  'after "%s" the environment has ended and the next event starts a new one',
  async (event, { errorType, errorMessage }) => {
    const failed = await invoke('fickle', event);
    expect(failed).toMatchObject({ FunctionError: 'Unhandled', Payload: { errorType } });
    expect(failed['Payload']).toHaveProperty('errorMessage', expect.stringMatching(errorMessage));
    expect((await invoke('fickle'))['Payload']).toBe(1);
  },
);

test('the output of a function is in its log file and is reported with its request', async () => {
  await invoke('talker', 'Ada');
  const said = await cloud.event('lambda.log', ({ line }) => line.includes('hello'));
  expect(said.line).toMatch(/^\d{4}-.*Z\t[0-9a-f-]{36}\tINFO\thello { name: 'Ada' }$/);
  expect(said.line).toContain(said.requestId);
  await expect.poll(() => logOf('talker')).toMatch(/^\S+Z [0-9a-f]{8} \{"raw":1\}$/m);
  await expect.poll(() => logOf('talker')).toMatch(/REPORT RequestId: \S+\tDuration: [\d.]+ ms/);
});

test('in the JSON format console lines are records', async () => {
  await invoke('json', 'Bob');
  const said = await cloud.event('lambda.log', (event) => event.function === 'json' && event.line.includes('hello'));
  expect(JSON.parse(said.line)).toMatchObject({
    level: 'INFO',
    requestId: said.requestId,
    message: "hello { name: 'Bob' }",
  });
});

function logOf(name: string): string {
  const folder = join(cloud.dataDir, 'logs', name);
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
}
