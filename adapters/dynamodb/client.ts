import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/**
 * The process's DynamoDB client, from the standard AWS environment (`AWS_REGION`, `AWS_ENDPOINT_URL`, credentials).
 * All adapters share it, and with it its keep-alive connections.
 */
export const dynamodb = once(() => new DynamoDBClient({ requestHandler: timeouts({ requestTimeout: 5_000 }) }));

/** A client without retries, for writes that must not be repeated when a response is lost. */
export const dynamodbOnce = once(
  () => new DynamoDBClient({ maxAttempts: 1, requestHandler: timeouts({ requestTimeout: 5_000 }) }),
);
