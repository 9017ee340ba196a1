import { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { direct } from '#adapters/aws/direct.ts';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { sendJson, stubApi } from './support/stub-api.ts';

const client = (endpoint: string): SFNClient =>
  new SFNClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });

const outcome = { id: 't/end', taskId: 't', status: 'succeeded' } as const;

describe.each([
  ['by the SDK', client],
  ['directly', (endpoint: string) => direct(client(endpoint))],
])('answers %s:', (_, make) => {
  it('retries throttling', async () => {
    const api = await stubApi((response, _, count) => {
      if (count === 1) sendJson(response, 400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
      else sendJson(response, 200, {});
    });
    await stepFunctionsNotifier({ client: make(api.url) }).answer('token', outcome);
    expect(api.requests).toHaveLength(2);
  });

  it('an error of our own is not mistaken for a waiter that left', async () => {
    const api = await stubApi((response) =>
      sendJson(response, 400, { __type: 'AccessDeniedException', message: 'no' }),
    );
    const answer = stepFunctionsNotifier({ client: make(api.url) }).answer('token', outcome);
    await expect(answer).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('a waiter that left is no error', async () => {
    const api = await stubApi((response) => sendJson(response, 400, { __type: 'TaskTimedOut', message: 'gone' }));
    await expect(stepFunctionsNotifier({ client: make(api.url) }).answer('token', outcome)).resolves.toBe('answered');
  });
});
