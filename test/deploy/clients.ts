import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Cloud } from './cloud.ts';

/** MiniStack's default key, which the CDK's command line uses too. */
const EMULATOR_KEY = { accessKeyId: 'test', secretAccessKey: 'test' };

/** SDK clients for a cloud. */
export interface Clients {
  readonly apigateway: APIGatewayClient;
  readonly cloudformation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sfn: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  close(): void;
}

export function clientsFor({ endpoint, certificate, region }: Cloud): Clients {
  const options = {
    region,
    ...(endpoint !== undefined && { endpoint, credentials: EMULATOR_KEY }),
    requestHandler: {
      requestTimeout: 30_000,
      ...(certificate !== undefined && { httpsAgent: new Agent({ ca: readFileSync(certificate) }) }),
    },
  };
  const clients = {
    apigateway: new APIGatewayClient(options),
    cloudformation: new CloudFormationClient(options),
    dynamodb: new DynamoDBClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client({ ...options, forcePathStyle: endpoint !== undefined }),
    secrets: new SecretsManagerClient(options),
    sfn: new SFNClient(options),
    sns: new SNSClient(options),
    // Queue URLs contain localhost, for which the certificate is valid too.
    sqs: new SQSClient(options),
    sts: new STSClient(options),
  };
  return {
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
