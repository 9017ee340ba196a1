import { DescribeMapRunCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../asl/manual-clock.ts';
import { distributed, onlyMapRun } from './map-run.support.ts';
import { startStepFunctions } from '../../testing/stepfunctions.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('children of a Distributed Map', () => {
  it('start at the given rate after a burst', async () => {
    const clock = new ManualClock();
    const started = await startStepFunctions({ clock, childStartRate: { perSecond: 10, burst: 5 } });
    const machine = await started.create('m', distributed({}, { Type: 'Wait', Seconds: 1000 }));
    const executionArn = await started.start(machine, numbers(30));
    const running = async () => {
      const mapRunArn = await onlyMapRun(started, executionArn);
      return (await started.client.send(new DescribeMapRunCommand({ mapRunArn }))).executionCounts?.running;
    };
    await clock.advance(0);
    expect(await running()).toBe(5);
    await clock.advance(1);
    expect(await running()).toBe(15);
    await clock.advance(2);
    expect(await running()).toBe(30);
  });

  it('run concurrently up to MaxConcurrency', async () => {
    const clock = new ManualClock();
    const started = await startStepFunctions({ clock });
    const machine = await started.create('m', distributed({ MaxConcurrency: 4 }, { Type: 'Wait', Seconds: 10 }));
    const executionArn = await started.start(machine, numbers(10));
    const counts = async () => {
      const mapRunArn = await onlyMapRun(started, executionArn);
      const { executionCounts } = await started.client.send(new DescribeMapRunCommand({ mapRunArn }));
      return [executionCounts?.pending, executionCounts?.running, executionCounts?.succeeded];
    };
    await clock.advance(1);
    expect(await counts()).toEqual([6, 4, 0]);
    await clock.advance(10);
    expect(await counts()).toEqual([2, 4, 4]);
    await clock.advance(30);
    expect(await counts()).toEqual([0, 0, 10]);
    expect((await started.describe(executionArn)).output).toBe(JSON.stringify(numbers(10)));
  });
});
