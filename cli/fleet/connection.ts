import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';

/** The SDK's options for a fleet on this machine. The local cloud accepts any credentials for the machine's own user. */
export const localClient = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
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
