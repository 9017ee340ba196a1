import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { once } from './once.ts';
import { timeouts } from './timeouts.ts';

/**
 * The process's DynamoDB client, from the standard AWS environment (`AWS_REGION`, `AWS_ENDPOINT_URL`, credentials).
 * One for all adapters, so that they share its kept-alive connections.
 */
export const dynamodb = once(() => new DynamoDBClient({ requestHandler: timeouts({ requestTimeout: 5_000 }) }));
