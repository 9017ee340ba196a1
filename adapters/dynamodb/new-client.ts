import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { direct } from '../aws/direct.ts';
import { Sha256 } from '../aws/sha256.ts';
import { timeouts } from '../aws/timeouts.ts';

/** A client of DynamoDB. `requestTimeout` is for one attempt, in milliseconds. */
export const newDynamodb = ({ requestTimeout = 5_000, ...config }: Settings = {}): DynamoDBClient =>
  direct(new DynamoDBClient({ ...config, sha256: Sha256, requestHandler: timeouts({ requestTimeout }) }));

interface Settings extends Pick<DynamoDBClientConfig, 'maxAttempts' | 'region'> {
  readonly requestTimeout?: number;
}
