import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { stepFunctionsNotifier } from '#adapters/stepfunctions/notifier.ts';
import { sendJson, stubApi } from './support/stub-api.ts';

const client = (endpoint: string): SFNClient =>
  new SFNClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });

const outcome = { id: 't/end', taskId: 't', status: 'succeeded' } as const;

it('the SDK retries throttling', async () => {
  const api = await stubApi((response, _, count) => {
    if (count === 1) sendJson(response, 400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
    else sendJson(response, 200, {});
  });
  await stepFunctionsNotifier({ client: client(api.url) }).answer('token', outcome);
  expect(api.requests).toHaveLength(2);
});

it('an error of our own is not mistaken for a waiter that left', async () => {
  const api = await stubApi((response) => sendJson(response, 400, { __type: 'AccessDeniedException', message: 'no' }));
  const answer = stepFunctionsNotifier({ client: client(api.url) }).answer('token', outcome);
  await expect(answer).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
