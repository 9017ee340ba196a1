import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { timeouts } from '#adapters/aws/timeouts.ts';
import { problemOf } from '#cli/regions/unreached.ts';
import { stubApi } from '../../adapters/support/stub-api.ts';

it('a region that hangs is one without an answer, in words that are not the SDK’s', async () => {
  const { url } = await stubApi(() => undefined);
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
    requestHandler: timeouts({ requestTimeout: 50 }),
  });
  const error: unknown = await client.send(new ListTablesCommand()).catch((each: unknown) => each);
  client.destroy();
  expect(problemOf(error)).toBe('no answer in time');
  expect(problemOf(new Error('Requested resource\n not found'))).toBe('Requested resource not found');
});
