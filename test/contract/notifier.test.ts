import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import { Fakes, queue, startStepFunctions } from '@agent-fleet/local-cloud/testing/stepfunctions';
import { recordingNotifier } from '../support/fakes/recording-notifier.ts';
import { notifierContract } from './notifier.contract.ts';
import { freshId } from './samples.ts';

describe('recording notifier', () => {
  notifierContract(async () => {
    const notifier = recordingNotifier();
    return { notifier, wait: async () => freshId('token'), heard: async (token) => notifier.heard(token) };
  });
});

/** A state machine that sends its task token to a queue and waits. */
const WAITING = {
  StartAt: 'Wait',
  States: {
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: { QueueUrl: 'http://localhost/queue', MessageBody: { token: '{% $states.context.Task.Token %}' } },
      End: true,
    },
  },
};

describe('notifier with Step Functions', () => {
  const open = async () => {
    const fakes = new Fakes(queue);
    const machines = await startStepFunctions({ call: fakes.call });
    const machine = await machines.create('waiting', WAITING);
    const executions = new Map<string, string>();
    const wait = async (): Promise<string> => {
      const execution = await machines.start(machine);
      await fakes.reached(executions.size + 1);
      const token = fakes.token(executions.size);
      executions.set(token, execution);
      return token;
    };
    const ended = (token: string) => machines.ended(executions.get(token) ?? '');
    const stop = async (token: string): Promise<void> => {
      await machines.client.send(new StopExecutionCommand({ executionArn: executions.get(token) }));
    };
    const heard = async (token: string): Promise<TaskOutcome> => {
      const { output, cause } = await ended(token);
      return JSON.parse(output ?? cause ?? '') as TaskOutcome;
    };
    return { notifier: stepFunctionsNotifier({ client: machines.client }), wait, heard, ended, stop };
  };
  notifierContract(open);

  const failed: TaskOutcome = { id: 't/end', taskId: 't', status: 'failed', reason: 'no PDF' };

  it('has the status in the error, so that a Catch can match it', async () => {
    const { notifier, wait, ended } = await open();
    const token = await wait();
    await notifier.answer(token, failed);
    expect(await ended(token)).toMatchObject({ status: 'FAILED', error: 'Task.failed' });
  });

  it('ignores tokens that nothing waits for, or that never existed', async () => {
    const { notifier, wait, stop } = await open();
    const token = await wait();
    await stop(token);
    await expect(notifier.answer(token, failed)).resolves.toBe('answered');
    await expect(notifier.answer('never given out', failed)).resolves.toBe('answered');
  });

  it('keeps the cause within the limit of Step Functions, as valid JSON', async () => {
    const { notifier, wait, ended } = await open();
    const token = await wait();
    await notifier.answer(token, { ...failed, reason: '\u0001'.repeat(50_000) });
    const { cause = '' } = await ended(token);
    expect(cause.length).toBeLessThanOrEqual(32_768);
    expect(JSON.parse(cause)).toMatchObject({ taskId: 't', status: 'failed' });
  });
});
