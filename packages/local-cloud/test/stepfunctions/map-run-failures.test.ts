import { DescribeMapRunCommand, ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../asl/manual-clock.ts';
import { Bucket, distributed, failingProcessor, onlyMapRun, writer } from './map-run.support.ts';
import { startStepFunctions } from '../../testing/stepfunctions.ts';

const exceeded = 'States.ExceedToleratedFailureThreshold';
const items = (failed: number, total: number) => Array.from({ length: total }, (_, n) => ({ n, fail: n < failed }));

describe('failures of a Distributed Map', () => {
  it.each([
    [{}, 0, undefined],
    [{}, 1, exceeded],
    [{ ToleratedFailureCount: 2 }, 2, undefined],
    [{ ToleratedFailureCount: 2 }, 3, exceeded],
    [{ ToleratedFailurePercentage: '{% 30 %}' }, 3, undefined],
    [{ ToleratedFailurePercentage: 30 }, 4, exceeded],
    [{ ToleratedFailurePercentage: 100 }, 10, undefined],
    [{ ToleratedFailureCount: 5, ToleratedFailurePercentage: 10 }, 2, exceeded],
  ])('%j with %i of 10 items failed: %s', async (tolerated, failed, error) => {
    const { run } = await startStepFunctions();
    const ended = await run(distributed({ ItemProcessor: failingProcessor(), ...tolerated }), items(failed, 10));
    expect(ended.error).toBe(error);
  });

  it('are counted by items and children, and each child can be described', async () => {
    const started = await startStepFunctions();
    const ItemBatcher = { MaxItemsPerBatch: 3 };
    const ItemProcessor = failingProcessor({ Output: 1 });
    const check = {
      ...ItemProcessor.States.Check,
      Choices: [{ Condition: '{% $states.input.Items[0].fail %}', Next: 'Fail' }],
    };
    const processor = { ...ItemProcessor, States: { ...ItemProcessor.States, Check: check } };
    const ended = await started.run(
      distributed({ ItemProcessor: processor, ItemBatcher, ToleratedFailurePercentage: 50, MaxConcurrency: 2 }),
      items(1, 7),
    );
    const mapRunArn = await onlyMapRun(started, ended.executionArn ?? '');
    expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:m\d+\/Each:[\da-f-]{36}$/);
    const run = await started.client.send(new DescribeMapRunCommand({ mapRunArn }));
    expect(run).toMatchObject({ status: 'SUCCEEDED', maxConcurrency: 2, toleratedFailurePercentage: 50 });
    expect(run.itemCounts).toMatchObject({
      total: 7,
      pending: 0,
      running: 0,
      succeeded: 4,
      failed: 3,
      resultsWritten: 7,
    });
    expect(run.executionCounts).toMatchObject({ total: 3, pending: 0, running: 0, succeeded: 2, failed: 1 });
    const failed = await started.client.send(new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED' }));
    expect(failed.executions).toMatchObject([{ mapRunArn, itemCount: 3, status: 'FAILED' }]);
    const child = await started.describe(failed.executions?.[0]?.executionArn ?? '');
    expect(child).toMatchObject({ error: 'Bad', cause: 'as asked', mapRunArn });
  });

  it('abort the running children above the tolerated number and leave the rest pending in the results', async () => {
    const clock = new ManualClock();
    const bucket = new Bucket();
    const started = await startStepFunctions({ clock, call: bucket.fakes.call });
    const waits = failingProcessor();
    const Good = { Type: 'Wait', Seconds: 1000, End: true };
    const Check = { ...waits.States.Check };
    const Slow = { Type: 'Wait', Seconds: 5, Next: 'Fail' };
    const ItemProcessor = {
      ...waits,
      States: { ...waits.States, Check: { ...Check, Choices: [{ ...Check.Choices[0], Next: 'Slow' }] }, Slow, Good },
    };
    const machine = await started.create('m', distributed({ ItemProcessor, MaxConcurrency: 3, ...writer() }));
    const executionArn = await started.start(machine, items(1, 10));
    await clock.advance(5);
    expect(await started.describe(executionArn)).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    const mapRunArn = await onlyMapRun(started, executionArn);
    const run = await started.client.send(new DescribeMapRunCommand({ mapRunArn }));
    expect(run).toMatchObject({ status: 'FAILED', itemCounts: { failed: 1, aborted: 2, pending: 7, running: 0 } });
    const manifest = [...bucket.objects.keys()].map((key) => key.split('/').at(-1));
    expect(manifest).toEqual(['FAILED_0.json', 'PENDING_0.json', 'manifest.json']);
  });

  it('stopping the parent aborts its children', async () => {
    const clock = new ManualClock();
    const started = await startStepFunctions({ clock });
    const machine = await started.create('m', distributed({}, { Type: 'Wait', Seconds: 1000 }));
    const executionArn = await started.start(machine, [1, 2]);
    await clock.advance(1);
    await started.client.send(new StopExecutionCommand({ executionArn }));
    await clock.advance(1);
    const mapRunArn = await onlyMapRun(started, executionArn);
    const run = await started.client.send(new DescribeMapRunCommand({ mapRunArn }));
    expect(run).toMatchObject({ status: 'ABORTED', itemCounts: { aborted: 2, running: 0 } });
  });

  it('children do not see the parent’s variables', async () => {
    const { run } = await startStepFunctions();
    const map = distributed({}, { Type: 'Pass', Output: '{% $exists($secret) %}' });
    const Set = { Type: 'Pass', Assign: { secret: 1 }, Next: 'Each' };
    expect((await run({ StartAt: 'Set', States: { Set, ...map.States } }, [1])).output).toBe('[false]');
  });
});
