import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../asl/manual-clock.ts';
import { temporaryFolder } from '../../testing/serve.ts';
import { Bucket, distributed } from './map-run.support.ts';
import { Fakes, queue, startStepFunctions } from '../../testing/stepfunctions.ts';

const send = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { QueueUrl: 'q', MessageBody: { token: '{% $states.context.Task.Token %}', item: '{% $states.input %}' } },
};

/** Returns a data folder, and a function that copies it as a crash at that moment would leave it. */
function folders() {
  const dataDir = temporaryFolder();
  return {
    dataDir,
    crash: () => {
      const copy = join(temporaryFolder(), 'copy');
      cpSync(dataDir, copy, { recursive: true });
      return copy;
    },
  };
}

describe('after a crash', () => {
  it('does not repeat a finished state, and keeps waiting for a token without a second message', async () => {
    const { dataDir, crash } = folders();
    const fakes = new Fakes({ ...queue, 'lambda:Invoke': () => ({ StatusCode: 200, Payload: '{"done":true}' }) });
    const before = await startStepFunctions({ dataDir, call: fakes.call });
    const machine = await before.create('m', {
      StartAt: 'First',
      States: {
        First: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'f' },
          Assign: { kept: '{% $states.result.Payload.done %}' },
          Next: 'Send',
        },
        Send: { ...send, Next: 'Show' },
        Show: { Type: 'Pass', Output: { kept: '{% $kept %}', answer: '{% $states.input %}' }, End: true },
      },
    });
    const execution = await before.start(machine, { n: 1 });
    await fakes.reached(2);
    await before.history(execution);
    const later = new Fakes(queue);
    const after = await startStepFunctions({ dataDir: crash(), call: later.call });
    expect((await after.describe(execution)).status).toBe('RUNNING');
    await after.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(1), output: '"yes"' }));
    expect((await after.ended(execution)).output).toBe('{"kept":true,"answer":"yes"}');
    expect(later.calls).toEqual([]);
    const types = (await after.history(execution)).map((event) => event.type);
    expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(2);
    expect(types.at(-1)).toBe('ExecutionSucceeded');
  });

  it('stores a task result before executions resume', async () => {
    const { dataDir, crash } = folders();
    const fakes = new Fakes(queue);
    const before = await startStepFunctions({ dataDir, call: fakes.call });
    const execution = await before.start(
      await before.create('m', { StartAt: 'S', States: { S: { ...send, End: true } } }),
    );
    await fakes.reached(1);
    const ready = Promise.withResolvers<void>();
    const after = await startStepFunctions({ dataDir: crash(), call: new Fakes(queue).call, ready: ready.promise });
    await after.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(0), output: '1' }));
    expect((await after.describe(execution)).status).toBe('RUNNING');
    ready.resolve();
    expect((await after.ended(execution)).output).toBe('1');
  });

  it('repeats an interrupted call with the same token', async () => {
    const { dataDir, crash } = folders();
    const fakes = new Fakes({ 'sqs:SendMessage': () => new Promise(() => {}) });
    const before = await startStepFunctions({ dataDir, call: fakes.call });
    await before.start(await before.create('m', { StartAt: 'S', States: { S: { ...send, End: true } } }));
    await fakes.reached(1);
    const later = new Fakes(queue);
    await startStepFunctions({ dataDir: crash(), call: later.call });
    await later.reached(1);
    expect(later.token(0)).toBe(fakes.token(0));
  });

  it('waits and retry delays last only for the rest of their time', async () => {
    const { dataDir, crash } = folders();
    const clock = new ManualClock();
    const failing = new Fakes({ 'sqs:SendMessage': () => Promise.reject(new Error('down')) });
    const before = await startStepFunctions({ dataDir, clock, call: failing.call });
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 100 }];
    const wait = await before.create('w', { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 100, End: true } } });
    const task = {
      ...send,
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Arguments: { QueueUrl: 'q' },
      Retry,
      End: true,
    };
    const retry = await before.create('r', { StartAt: 'R', States: { R: task } });
    const executions = [await before.start(wait), await before.start(retry)];
    await clock.advance(60);
    const later = new Fakes(queue);
    const after = await startStepFunctions({ dataDir: crash(), clock, call: later.call });
    await clock.advance(39);
    expect(later.calls).toHaveLength(0);
    await clock.advance(1);
    for (const execution of executions) expect((await after.describe(execution)).status).toBe('SUCCEEDED');
    expect(later.calls).toHaveLength(1);
  });

  it('keeps the results of ended iterations and resumes the others', async () => {
    const { dataDir, crash } = folders();
    const fakes = new Fakes(queue);
    const before = await startStepFunctions({ dataDir, call: fakes.call });
    const processor = { StartAt: 'S', States: { S: { ...send, End: true } } };
    const map = { Type: 'Map', MaxConcurrency: 2, ItemProcessor: processor, End: true };
    const execution = await before.start(await before.create('m', { StartAt: 'M', States: { M: map } }), [0, 1, 2]);
    await fakes.reached(2);
    await before.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(0), output: '"zero"' }));
    await fakes.reached(3);
    const later = new Fakes(queue);
    const after = await startStepFunctions({ dataDir: crash(), call: later.call });
    for (const [index, output] of [
      [1, '"one"'],
      [2, '"two"'],
    ] as const) {
      await after.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(index), output }));
    }
    expect((await after.ended(execution)).output).toBe('["zero","one","two"]');
    expect(later.calls.length).toBeLessThanOrEqual(1);
  });

  it('deletes executions that ended more than 90 days ago', async () => {
    const { dataDir, crash } = folders();
    const clock = new ManualClock();
    const before = await startStepFunctions({ dataDir, clock });
    const ended = await before.run({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
    await clock.advance(91 * 24 * 3600);
    const after = await startStepFunctions({ dataDir: crash(), clock });
    const request = after.describe(ended.executionArn ?? '');
    await expect(request).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });

  it('resumes the running children of a Distributed Map and starts the rest', async () => {
    const { dataDir, crash } = folders();
    const bucket = new Bucket();
    const fakes = new Fakes(queue);
    const before = await startStepFunctions({ dataDir, call: fakes.call });
    const machine = await before.create('m', distributed({ MaxConcurrency: 2 }, send));
    const execution = await before.start(machine, ['a', 'b', 'c', 'd']);
    await fakes.reached(2);
    await before.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(0), output: '0' }));
    await fakes.reached(3);
    const later = new Fakes({
      ...queue,
      's3:PutObject': (input) => bucket.fakes.call('s3', 'PutObject', input, { accessKeyId: '', principal: '' }),
    });
    const after = await startStepFunctions({ dataDir: crash(), call: later.call });
    await after.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(1), output: '1' }));
    await after.client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(2), output: '2' }));
    await later.reached(1);
    const bodies = later.calls.map(
      (call) => JSON.parse(String(call.input['MessageBody'])) as { readonly item: string },
    );
    const last = bodies.findIndex((body) => body.item === 'd');
    if (last === -1) await later.reached(2);
    const index = later.calls.findIndex((call) => String(call.input['MessageBody']).includes('"item":"d"'));
    await after.client.send(new SendTaskSuccessCommand({ taskToken: later.token(index), output: '3' }));
    expect((await after.ended(execution)).output).toBe('[0,1,2,3]');
  });
});
