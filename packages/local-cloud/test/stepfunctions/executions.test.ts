import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../asl/manual-clock.ts';
import { startStepFunctions } from '../../testing/stepfunctions.ts';

const waiting = { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 60, End: true } } };

describe('executions', () => {
  it('run and return their output', async () => {
    const { run } = await startStepFunctions();
    const definition = {
      StartAt: 'Give',
      States: { Give: { Type: 'Pass', Output: { got: '{% $states.input.a %}' }, End: true } },
    };
    const ended = await run(definition, { a: 1 });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', input: '{"a":1}', output: '{"got":1}' });
    expect(ended.stopDate?.getTime()).toBeGreaterThanOrEqual(ended.startDate?.getTime() ?? Infinity);
  });

  it('start once per name: a repeated start returns the running execution, any other is rejected', async () => {
    const clock = new ManualClock();
    const { create, start } = await startStepFunctions({ clock });
    const machine = await create('m', waiting);
    const first = await start(machine, { a: 1 }, 'run-1');
    expect(first).toBe('arn:aws:states:us-east-1:000000000000:execution:m:run-1');
    expect(await start(machine, { a: 1 }, 'run-1')).toBe(first);
    await expect(start(machine, { a: 2 }, 'run-1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await clock.advance(60);
    await expect(start(machine, { a: 1 }, 'run-1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('reject names and inputs that AWS rejects', async () => {
    const { create, start } = await startStepFunctions();
    const machine = await create('m', waiting);
    await expect(start(machine, {}, 'a/b')).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(start(machine, {}, 'x'.repeat(81))).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(start(machine, 'x'.repeat(262_144))).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start(`${machine}x`)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  it('stop together with their waits', async () => {
    const clock = new ManualClock();
    const { client, create, start, describe } = await startStepFunctions({ clock });
    const executionArn = await start(await create('m', waiting));
    await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'by hand' }));
    expect(await describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'by hand' });
    await clock.advance(60);
    expect((await describe(executionArn)).status).toBe('ABORTED');
  });

  it('time out after TimeoutSeconds', async () => {
    const clock = new ManualClock();
    const { create, start, describe } = await startStepFunctions({ clock });
    const executionArn = await start(await create('m', { ...waiting, TimeoutSeconds: 10 }));
    await clock.advance(10);
    expect(await describe(executionArn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  it('are listed newest first, by status and in pages', async () => {
    const clock = new ManualClock();
    const { client, create, start } = await startStepFunctions({ clock });
    const stateMachineArn = await create('m', waiting);
    await start(stateMachineArn, {}, 'one');
    await clock.advance(60);
    await start(stateMachineArn, {}, 'two');
    await start(stateMachineArn, {}, 'three');
    const list = async (more: object) => client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
    const page = await list({ maxResults: 2 });
    expect(page.executions?.map((execution) => execution.name)).toEqual(['three', 'two']);
    const rest = await list({ nextToken: page.nextToken });
    expect(rest.executions?.map((execution) => execution.name)).toEqual(['one']);
    const ended = await list({ statusFilter: 'SUCCEEDED' });
    expect(ended.executions?.map((execution) => execution.name)).toEqual(['one']);
  });

  it('fail when their history is full', async () => {
    const { run } = await startStepFunctions();
    const endless = {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Condition: true, Next: 'A' }] },
      },
    };
    expect(await run(endless)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
  });
});
