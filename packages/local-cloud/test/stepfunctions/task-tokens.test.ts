import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../asl/manual-clock.ts';
import { Fakes, queue, startStepFunctions } from '../../testing/stepfunctions.ts';

const QueueUrl = 'http://localhost/000000000000/tasks';

function waiting(more: object = {}): object {
  return {
    StartAt: 'Send',
    States: {
      Send: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: {
          QueueUrl,
          MessageBody: { token: '{% $states.context.Task.Token %}', id: '{% $states.input.id %}' },
        },
        End: true,
        ...more,
      },
    },
  };
}

describe('task tokens', () => {
  it('waits for the sent token and returns the output of SendTaskSuccess', async () => {
    const fakes = new Fakes(queue);
    const { client, create, start, ended, describe } = await startStepFunctions({ call: fakes.call });
    const execution = await start(await create('m', waiting()), { id: 7 });
    await fakes.reached(1);
    expect((await describe(execution)).status).toBe('RUNNING');
    expect(fakes.calls[0]?.input).toEqual({ QueueUrl, MessageBody: JSON.stringify({ token: fakes.token(0), id: 7 }) });
    expect(fakes.calls[0]?.caller.principal).toBe('arn:aws:iam::000000000000:role/machine');
    await client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(0), output: '{"ok":true}' }));
    expect(await ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: '{"ok":true}' });
  });

  it('fails with the error of SendTaskFailure', async () => {
    const fakes = new Fakes(queue);
    const { client, create, start, ended } = await startStepFunctions({ call: fakes.call });
    const execution = await start(await create('m', waiting()), { id: 1 });
    await fakes.reached(1);
    await client.send(new SendTaskFailureCommand({ taskToken: fakes.token(0), error: 'Broken', cause: 'no page' }));
    expect(await ended(execution)).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'no page' });
  });

  it('name their state machine: of a child of a Distributed Map, with its label', async () => {
    const fakes = new Fakes(queue);
    const { create, start, service } = await startStepFunctions({ call: fakes.call });
    const machine = await create('m', waiting());
    await start(machine, { id: 1 });
    const processor = { ...waiting(), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
    const each = { Type: 'Map', Label: 'Each', Items: [{ id: 2 }], ItemProcessor: processor, End: true };
    await fakes.reached(1);
    await start(await create('run', { StartAt: 'Each', States: { Each: each } }));
    await fakes.reached(2);
    expect([0, 1].map((call) => service.machineOf(fakes.token(call)))).toEqual([
      machine,
      machine.replace(/m$/, 'run/Each'),
    ]);
  });

  it('rejects an unknown token and the token of an ended task', async () => {
    const fakes = new Fakes(queue);
    const { client, create, start, ended } = await startStepFunctions({ call: fakes.call });
    const answer = (taskToken: string) => client.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
    await expect(answer('bogus')).rejects.toMatchObject({ name: 'InvalidToken' });
    const execution = await start(await create('m', waiting()), { id: 1 });
    await fakes.reached(1);
    await answer(fakes.token(0));
    await expect(answer(fakes.token(0))).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await ended(execution);
    await expect(answer(fakes.token(0))).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('times out at TimeoutSeconds and then rejects the token', async () => {
    const clock = new ManualClock();
    const fakes = new Fakes(queue);
    const { client, create, start, describe } = await startStepFunctions({ call: fakes.call, clock });
    const execution = await start(await create('m', waiting({ TimeoutSeconds: '{% 5 * 2 %}' })), { id: 1 });
    await fakes.reached(1);
    await clock.advance(9);
    expect((await describe(execution)).status).toBe('RUNNING');
    await clock.advance(2);
    expect(await describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    const late = client.send(new SendTaskSuccessCommand({ taskToken: fakes.token(0), output: '1' }));
    await expect(late).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('a heartbeat extends its deadline, and a missed heartbeat is caught as States.HeartbeatTimeout', async () => {
    const clock = new ManualClock();
    const fakes = new Fakes(queue);
    const { client, create, start, describe } = await startStepFunctions({ call: fakes.call, clock });
    const machine = waiting({
      HeartbeatSeconds: 10,
      Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Missed', Output: '{% $states.errorOutput.Error %}' }],
    });
    Object.assign(Reflect.get(machine, 'States') as object, { Missed: { Type: 'Pass', End: true } });
    const execution = await start(await create('m', machine), { id: 1 });
    await fakes.reached(1);
    for (let beat = 0; beat < 3; beat += 1) {
      await clock.advance(8);
      await client.send(new SendTaskHeartbeatCommand({ taskToken: fakes.token(0) }));
    }
    expect((await describe(execution)).status).toBe('RUNNING');
    await clock.advance(11);
    expect(await describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '"States.Timeout"' });
  });
});
