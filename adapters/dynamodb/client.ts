import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/**
 * The process's DynamoDB client, from the standard AWS environment (`AWS_REGION`, `AWS_ENDPOINT_URL`, credentials).
 * One for all adapters, so that they share its kept-alive connections.
 */
export const dynamodb = once(() => new DynamoDBClient({ requestHandler: timeouts({ requestTimeout: 5_000 }) }));

/** The same for writes that must not be made twice: a request whose answer is lost is not sent again. */
export const dynamodbOnce = once(
  () => new DynamoDBClient({ maxAttempts: 1, requestHandler: timeouts({ requestTimeout: 5_000 }) }),
);
