import { LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { lambdaTaskWaiter } from '#adapters/lambda/task-waiter.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';

const IDS = ['assistant-1', 'assistant-2'].map((id) => taskIdSchema.parse(id));

function waiting(answer: object | Error) {
  const payloads: unknown[] = [];
  const client = new LambdaClient({ region: 'us-east-1' });
  client.send = ((command: { input: { Payload: string } }) => {
    payloads.push(JSON.parse(command.input.Payload));
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }) as LambdaClient['send'];
  return { payloads, outcome: lambdaTaskWaiter({ functionName: 'wait', client }).wait(IDS, 20) };
}

it('waits for all, and the function of a release before for the last', async () => {
  const { payloads, outcome } = waiting({});
  expect(await outcome).toBe('over');
  expect(payloads).toEqual([{ taskIds: IDS, taskId: IDS[1], seconds: 20 }]);
});

it('is busy when too many wait, or the function fails, so that the client does not ask again at once', async () => {
  const throttled = new TooManyRequestsException({ message: 'Rate exceeded', $metadata: {} });
  expect(await waiting(throttled).outcome).toBe('busy');
  expect(await waiting({ FunctionError: 'Unhandled' }).outcome).toBe('busy');
  await expect(waiting(new Error('denied')).outcome).rejects.toThrow('denied');
});
