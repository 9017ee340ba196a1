import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { ensureAccessKey } from '@agent-fleet/local-cloud/access-key';
import { CREDENTIALS_FILE } from './paths.ts';

/** The access key of this user for every fleet on this machine. It is created at the first use, and only this user can read it. */
export const localCredentials = () => ensureAccessKey(CREDENTIALS_FILE);

/** The SDK's options for a fleet on this machine. @param region of the endpoint, which the signature names */
export const localClient = (endpoint: string, region = 'us-east-1') => ({
  endpoint,
  region,
  credentials: localCredentials(),
});

/** Clients for the endpoint of a fleet on this machine. */
export interface Connection {
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly dynamodb: DynamoDBClient;
  close(): void;
}

export function connect(endpoint: string): Connection {
  const options = localClient(endpoint);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const sfn = new SFNClient(options);
  const dynamodb = new DynamoDBClient(options);
  return {
    s3,
    sfn,
    dynamodb,
    close() {
      for (const client of [s3, sfn, dynamodb]) client.destroy();
    },
  };
}
