import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localClient } from '#cli/fleet/connection.ts';
import type { MiniStack } from './ministack/ministack.ts';

/** SDK clients for MiniStack. */
export interface Clients {
  readonly apigateway: APIGatewayClient;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sfn: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  close(): void;
}

export function clientsFor({ endpoint, certificate }: MiniStack): Clients {
  const options = {
    ...localClient(endpoint),
    requestHandler: {
      requestTimeout: 30_000,
      ...(certificate !== undefined && { httpsAgent: new Agent({ ca: readFileSync(certificate) }) }),
    },
  };
  const clients = {
    apigateway: new APIGatewayClient(options),
    dynamodb: new DynamoDBClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secrets: new SecretsManagerClient(options),
    sfn: new SFNClient(options),
    sns: new SNSClient(options),
    // Queue URLs contain localhost, for which the certificate is valid too.
    sqs: new SQSClient(options),
  };
  return {
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
