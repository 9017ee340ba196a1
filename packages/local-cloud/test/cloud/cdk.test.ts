import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  App,
  aws_cloudwatch,
  aws_events,
  aws_events_targets,
  aws_lambda,
  aws_lambda_event_sources,
  aws_logs,
  aws_s3,
  aws_s3_notifications,
  aws_sqs,
  aws_stepfunctions,
  CfnOutput,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { afterAll, expect, test } from 'vitest';
import { startLocalCloud } from '../../src/cloud.ts';
import type { CloudEvent } from '../../src/cloud.ts';
import { ROOT } from '../../src/services/service.ts';
import { CREDENTIALS } from '../../testing/cloud.ts';

const root = mkdtempSync(join(tmpdir(), 'fleet-cdk-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A typical app: two stacks with CDK's own custom resources, alarms, roles and logs. */
function synthesize(): string {
  mkdirSync(join(root, 'code'));
  writeFileSync(
    join(root, 'code', 'index.mjs'),
    `export const handler = async (event) => {
      console.log('got ' + JSON.stringify(event));
      if (!event.Records) return { doubled: event.n * 2 };
    };`,
  );
  const definition = {
    StartAt: 'Double',
    QueryLanguage: 'JSONata',
    States: {
      Double: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: '${Worker}', Payload: '{% $states.input %}' },
        Output: '{% $states.result.Payload %}',
        End: true,
      },
    },
  };
  writeFileSync(join(root, 'double.asl.json'), JSON.stringify(definition));

  const app = new App({
    outdir: join(root, 'cdk.out'),
    analyticsReporting: true,
    builtinCloudFormationValidation: false,
  });
  const base = new Stack(app, 'Base');
  const deadLetters = new aws_sqs.Queue(base, 'DeadLetters', { enforceSSL: true });
  const queue = new aws_sqs.Queue(base, 'Queue', { deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 } });
  const bucket = new aws_s3.Bucket(base, 'Bucket', {
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
    enforceSSL: true,
  });
  bucket.addEventNotification(aws_s3.EventType.OBJECT_CREATED, new aws_s3_notifications.SqsDestination(queue), {
    prefix: 'in/',
  });
  void new CfnOutput(base, 'BucketName', { value: bucket.bucketName });

  const work = new Stack(app, 'Work');
  const worker = new aws_lambda.Function(work, 'Worker', {
    runtime: aws_lambda.Runtime.NODEJS_24_X,
    architecture: aws_lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: aws_lambda.Code.fromAsset(join(root, 'code')),
    logGroup: new aws_logs.LogGroup(work, 'WorkerLogs', { retention: aws_logs.RetentionDays.ONE_WEEK }),
  });
  worker.addEventSource(
    new aws_lambda_event_sources.SqsEventSource(queue, { reportBatchItemFailures: true, maxConcurrency: 5 }),
  );
  void new aws_cloudwatch.Alarm(work, 'Deep', {
    metric: queue.metricApproximateNumberOfMessagesVisible(),
    threshold: 100,
    evaluationPeriods: 1,
  });
  void new aws_events.Rule(work, 'Hourly', {
    schedule: aws_events.Schedule.rate(Duration.hours(1)),
    targets: [new aws_events_targets.LambdaFunction(worker)],
  });
  const machine = new aws_stepfunctions.StateMachine(work, 'Double', {
    definitionBody: aws_stepfunctions.DefinitionBody.fromFile(join(root, 'double.asl.json')),
    definitionSubstitutions: { Worker: worker.functionArn },
  });
  worker.grantInvoke(machine);
  void new CfnOutput(work, 'Machine', { value: machine.stateMachineArn });
  return app.synth().directory;
}

test('a synthesized app runs: an upload reaches the function through the queue, and the state machine calls it', async () => {
  const events: CloudEvent[] = [];
  const uploaded = Promise.withResolvers<string>();
  const onEvent = (event: CloudEvent): void => {
    events.push(event);
    if (event.code === 'lambda.log' && event.line.includes('in/a+contract.pdf')) uploaded.resolve(event.line);
  };
  const cloud = await startLocalCloud({
    assembly: synthesize(),
    dataDir: join(root, 'data'),
    port: 0,
    credentials: CREDENTIALS,
    onEvent,
  });
  const { BucketName: Bucket } = cloud.outputs['Base'] ?? {};
  const s3 = new S3Client({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    forcePathStyle: true,
  });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'in/a contract.pdf', Body: 'pdf' }));
  expect(await uploaded.promise).toContain('ObjectCreated:Put');

  const { executionArn } = await cloud.call(
    'states',
    'StartExecution',
    { stateMachineArn: cloud.outputs['Work']?.['Machine'], input: '{"n":21}' },
    ROOT,
  );
  const output = async () => (await cloud.call('states', 'DescribeExecution', { executionArn }, ROOT))['output'];
  await expect.poll(output).toBe('{"doubled":42}');

  const types = new Set(events.flatMap((event) => (event.code === 'resource.created' ? [event.type] : [])));
  expect([...types]).toEqual(
    expect.arrayContaining([
      'AWS::CDK::Metadata',
      'Custom::S3AutoDeleteObjects',
      'Custom::S3BucketNotifications',
      'AWS::SQS::QueuePolicy',
      'AWS::IAM::Policy',
    ]),
  );
  await cloud.close();
});
