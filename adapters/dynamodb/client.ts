import { once } from '../aws/once.ts';
import { newDynamodb } from './new-client.ts';
import { regionPartsHere } from './regions/region-parts.ts';

/**
 * The process's DynamoDB client, from the standard AWS environment (`AWS_REGION`, `AWS_ENDPOINT_URL`, credentials).
 * All adapters share it, and with it its keep-alive connections. In a global fleet it writes each item of the state table
 * where its home is held.
 */
export const dynamodb = once(() => regionPartsHere()?.client ?? newDynamodb());

/** A client without retries, for writes that must not be repeated when a response is lost. */
export const dynamodbOnce = once(() => regionPartsHere()?.onceClient ?? newDynamodb({ maxAttempts: 1 }));
