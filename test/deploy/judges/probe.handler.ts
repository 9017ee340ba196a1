import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import type { ProbeCall, Service } from './calls.ts';

interface Sdk {
  readonly client: { send(command: unknown): Promise<unknown> };
  readonly commands: object;
}

const options = { maxAttempts: 1 };
const SDKS: Readonly<Record<Service, Sdk>> = {
  dynamodb: { client: new dynamodb.DynamoDBClient(options), commands: dynamodb },
  lambda: { client: new lambda.LambdaClient(options), commands: lambda },
  s3: { client: new s3.S3Client({ ...options, forcePathStyle: true }), commands: s3 },
  'secrets-manager': { client: new secrets.SecretsManagerClient(options), commands: secrets },
  sfn: { client: new sfn.SFNClient(options), commands: sfn },
  sns: { client: new sns.SNSClient(options), commands: sns },
  sqs: { client: new sqs.SQSClient(options), commands: sqs },
};

/** The result of a call: success, or the error's name and message. */
export interface ProbeAnswer {
  readonly label: string;
  readonly error?: string;
  readonly status?: number;
  readonly message?: string;
}

/** Makes calls under the role of its function. */
export async function handler({ calls }: { readonly calls: readonly ProbeCall[] }): Promise<ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  for (const call of calls) answers.push(await make(call));
  return answers;
}

async function make({ label, service, action, input }: ProbeCall): Promise<ProbeAnswer> {
  const { client, commands } = SDKS[service];
  const Command = (commands as Record<string, new (input: unknown) => unknown>)[`${action}Command`];
  if (Command === undefined) throw new Error(`The SDK of ${service} has no ${action}.`);
  try {
    await client.send(new Command(input));
    return { label };
  } catch (error) {
    const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
    return { label, error: name, message, status: $metadata?.httpStatusCode ?? 0 };
  }
}
