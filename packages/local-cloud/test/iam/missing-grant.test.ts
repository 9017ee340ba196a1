import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { StartExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS, functionResource, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';

/** Returns its credentials, so that a test can call under its role. */
const code = {
  worker: `export const handler = async () => ({
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  });`,
};
const resources = {
  Worker: functionResource('worker'),
  // It covers the domains below it.
  Identity: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'example.com' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
};
const grants = [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::files/open/*' }];

let cloud: FixtureCloud;
let client: { endpoint: string; region: string; credentials: typeof CREDENTIALS & { sessionToken: string } };
beforeAll(async () => {
  cloud = await startFixture({ code, resources, grants });
  const lambda = new LambdaClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'worker' }));
  const credentials = JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as typeof client.credentials;
  client = { endpoint: cloud.endpoint, region: 'us-east-1', credentials };
});
afterAll(() => cloud[Symbol.asyncDispose]());

const here = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const QueueUrl = 'http://127.0.0.1:1/000000000000/work';
const query = { TableName: 'tasks', IndexName: 'run', KeyConditionExpression: 'a = :a' };

test.each([
  [
    'sqs',
    () => new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
    'AccessDenied',
    'sqs:SendMessage',
    here('sqs', 'work'),
  ],
  [
    'dynamodb',
    () => new DynamoDBClient(client).send(new QueryCommand(query)),
    'AccessDeniedException',
    'dynamodb:Query',
    here('dynamodb', 'table/tasks/index/run'),
  ],
  [
    's3',
    () =>
      new S3Client({ ...client, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'files', Key: 'shut/a' })),
    'AccessDenied',
    's3:GetObject',
    'arn:aws:s3:::files/shut/a',
  ],
  [
    'lambda',
    () => new LambdaClient(client).send(new InvokeCommand({ FunctionName: 'worker', Qualifier: 'live' })),
    'AccessDeniedException',
    'lambda:InvokeFunction',
    here('lambda', 'function:worker:live'),
  ],
  [
    'states',
    () =>
      new SFNClient(client).send(new StartExecutionCommand({ stateMachineArn: here('states', 'stateMachine:run') })),
    'AccessDeniedException',
    'states:StartExecution',
    here('states', 'stateMachine:run'),
  ],
  [
    'secretsmanager',
    () =>
      new SecretsManagerClient(client).send(
        new GetSecretValueCommand({ SecretId: here('secretsmanager', 'secret:key-AbCdEf') }),
      ),
    'AccessDeniedException',
    'secretsmanager:GetSecretValue',
    here('secretsmanager', 'secret:key-AbCdEf'),
  ],
  [
    'ses',
    () =>
      new SESv2Client(client).send(
        new SendEmailCommand({
          FromEmailAddress: 'Brief <brief@mail.example.com>',
          Destination: { ToAddresses: ['ada@example.org'] },
          Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: 'x' } } } },
        }),
      ),
    'AccessDeniedException',
    'ses:SendEmail',
    here('ses', 'identity/example.com'),
  ],
  [
    'sns',
    () => new SNSClient(client).send(new PublishCommand({ TopicArn: here('sns', 'reports'), Message: 'x' })),
    'AuthorizationErrorException',
    'sns:Publish',
    here('sns', 'reports'),
  ],
])(
  '%s denies a call in the text of AWS, followed by the statement that would allow it',
  async (_service, call, name, Action, Resource) => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name });
    const { message } = error as Error;
    expect(message).toContain(
      `is not authorized to perform: ${Action} on resource: ${Resource} because no identity-based`,
    );
    expect(message).toContain(`add to Fixture/FixtureRole: ${JSON.stringify({ Effect: 'Allow', Action, Resource })}`);
  },
);

test('a caller that may not list the bucket gets AccessDenied for a missing key', async () => {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const missing = s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'open/missing' }));
  await expect(missing).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('s3:ListBucket') as string,
  });
});

test('a role that is not in the assembly, or does not trust its service, stops the start', async () => {
  const stranger = functionResource('worker', { Role: 'arn:aws:iam::000000000000:role/stranger' });
  await expect(startFixture({ code, resources: { Worker: stranger } })).rejects.toThrow(
    'Fixture/Worker: the role arn:aws:iam::000000000000:role/stranger is not in the assembly',
  );
  const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
  const Worker = functionResource('worker', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } });
  await expect(startFixture({ code, resources: { Role, Worker } })).rejects.toThrow(
    'Fixture/Worker: lambda.amazonaws.com may not assume Fixture/Role',
  );
});
