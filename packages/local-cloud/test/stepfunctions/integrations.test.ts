import { describe, expect, it } from 'vitest';
import { ServiceError, type Service } from '../../src/services/service.ts';
import { Fakes, ROLE, startStepFunctions, type Call } from '../../testing/stepfunctions.ts';

const task = (Resource: string, Arguments?: unknown, more: object = {}) => ({
  StartAt: 'Call',
  States: { Call: { Type: 'Task', Resource, ...(Arguments === undefined ? {} : { Arguments }), End: true, ...more } },
});

const failing =
  (code: string, status = 400) =>
  () => {
    throw new ServiceError(code, 'no', status);
  };

describe('lambda:invoke', () => {
  const invoke = task('arn:aws:states:::lambda:invoke', { FunctionName: 'f', Payload: { n: '{% $states.input.n %}' } });

  it('sends and reads JSON payloads', async () => {
    const fakes = new Fakes({ 'lambda:Invoke': () => ({ StatusCode: 200, Payload: '{"sum":3}' }) });
    const { run } = await startStepFunctions({ call: fakes.call });
    const { output } = await run(invoke, { n: 1 });
    expect(JSON.parse(output ?? '')).toEqual({ ExecutedVersion: '$LATEST', Payload: { sum: 3 }, StatusCode: 200 });
    expect(fakes.calls[0]?.input).toEqual({ FunctionName: 'f', Payload: '{"n":1}' });
  });

  it.each([
    ['{"errorType":"TypeError","errorMessage":"x is undefined"}', 'TypeError'],
    ['{"errorMessage":"RequestId: 1 Error: Runtime exited with error: signal: killed"}', 'Lambda.Unknown'],
  ])('fails with the function’s error: %s', async (Payload, error) => {
    const fakes = new Fakes({ 'lambda:Invoke': () => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload }) });
    const { run } = await startStepFunctions({ call: fakes.call });
    expect(await run(invoke, { n: 1 })).toMatchObject({ status: 'FAILED', error, cause: Payload });
  });

  it('supports a function’s ARN as the resource', async () => {
    const fakes = new Fakes({ 'lambda:Invoke': () => ({ StatusCode: 200, Payload: '[1]' }) });
    const { run } = await startStepFunctions({ call: fakes.call });
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    expect((await run(task(arn), { n: 1 })).output).toBe('[1]');
    expect(fakes.calls[0]?.input).toEqual({ FunctionName: arn, Payload: '{"n":1}' });
  });
});

describe('other services', () => {
  it.each<[string, object, Omit<Call, 'caller'>]>([
    [
      'sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: { a: 1 } },
      { service: 'sqs', action: 'SendMessage', input: { QueueUrl: 'q', MessageBody: '{"a":1}' } },
    ],
    [
      'sns:publish',
      { TopicArn: 't', Message: { a: 1 } },
      { service: 'sns', action: 'Publish', input: { TopicArn: 't', Message: '{"a":1}' } },
    ],
    [
      'dynamodb:putItem',
      { TableName: 't', Item: { pk: { S: 'x' } } },
      { service: 'dynamodb', action: 'PutItem', input: { TableName: 't', Item: { pk: { S: 'x' } } } },
    ],
    [
      'aws-sdk:s3:putObject',
      { Bucket: 'b', Key: 'k', Body: { a: 1 } },
      { service: 's3', action: 'PutObject', input: { Bucket: 'b', Key: 'k', Body: '{"a":1}' } },
    ],
    [
      'aws-sdk:sfn:listExecutions',
      { StateMachineArn: 'm' },
      { service: 'states', action: 'ListExecutions', input: { stateMachineArn: 'm' } },
    ],
  ])('%s', async (resource, Arguments, expected) => {
    const fakes = new Fakes({
      [`${expected.service}:${expected.action}`]: () => ({ done: new Date(0), none: undefined }),
    });
    const { run } = await startStepFunctions({ call: fakes.call });
    const { status, output } = await run(task(`arn:aws:states:::${resource}`, Arguments));
    expect(status).toBe('SUCCEEDED');
    expect(Object.values(JSON.parse(output ?? '{}') as object)).toEqual(['1970-01-01T00:00:00.000Z']);
    expect(fakes.calls).toEqual([{ ...expected, caller: { accessKeyId: 'states', principal: ROLE } }]);
  });

  it('returns the bytes of an object as text', async () => {
    const fakes = new Fakes({ 's3:GetObject': () => ({ Body: Buffer.from('grüß') }) });
    const { run } = await startStepFunctions({ call: fakes.call });
    const { output } = await run(task('arn:aws:states:::aws-sdk:s3:getObject', { Bucket: 'b', Key: 'k' }));
    expect(JSON.parse(output ?? '')).toEqual({ Body: 'grüß' });
  });

  it.each([
    ['sqs:sendMessage', 'sqs:SendMessage', 'QueueDoesNotExist', 'SQS.QueueDoesNotExistException'],
    ['sqs:sendMessage', 'sqs:SendMessage', 'AccessDenied', 'SQS.AmazonSQSException'],
    ['lambda:invoke', 'lambda:Invoke', 'TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    ['dynamodb:getItem', 'dynamodb:GetItem', 'ResourceNotFoundException', 'DynamoDB.ResourceNotFoundException'],
    ['dynamodb:getItem', 'dynamodb:GetItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException'],
    ['aws-sdk:s3:getObject', 's3:GetObject', 'NoSuchKey', 'S3.NoSuchKeyException'],
    ['aws-sdk:sqs:sendMessage', 'sqs:SendMessage', 'AccessDenied', 'Sqs.SqsException'],
  ])('%s names the error of %s as AWS does: %s is %s', async (resource, handler, code, error) => {
    const { run } = await startStepFunctions({ call: new Fakes({ [handler]: failing(code) }).call });
    expect(await run(task(`arn:aws:states:::${resource}`, {}))).toMatchObject({ status: 'FAILED', error });
  });

  it('States.Permissions matches a missing grant', async () => {
    const { run } = await startStepFunctions({
      call: new Fakes({ 'sqs:SendMessage': failing('AccessDenied', 403) }).call,
    });
    const Catch = [{ ErrorEquals: ['States.Permissions'], Next: 'Caught' }];
    const definition = task('arn:aws:states:::sqs:sendMessage', {}, { Catch });
    Object.assign(definition.States, { Caught: { Type: 'Pass', Output: 'caught', End: true } });
    expect((await run(definition)).output).toBe('"caught"');
  });
});

describe('states:startExecution', () => {
  const child = (Type: 'Pass' | 'Fail') => ({
    StartAt: 'Do',
    States: { Do: Type === 'Fail' ? { Type, Error: 'E', Cause: 'c' } : { Type, Output: { twice: 2 }, End: true } },
  });

  /** A Step Functions service whose state machines can call it. */
  async function startSelf() {
    const states: { service?: Service } = {};
    const call: Fakes['call'] = (_service, action, input, caller) =>
      states.service?.invoke(action, input, caller) ?? Promise.reject(new Error('not started yet'));
    const started = await startStepFunctions({ call });
    states.service = started.service;
    return started;
  }

  it('.sync:2 waits for the execution and returns its output as JSON', async () => {
    const { create, run } = await startSelf();
    const StateMachineArn = await create('child', child('Pass'));
    const { output } = await run(
      task('arn:aws:states:::states:startExecution.sync:2', { StateMachineArn, Input: { n: 1 } }),
    );
    expect(JSON.parse(output ?? '')).toMatchObject({
      Status: 'SUCCEEDED',
      Input: { n: 1 },
      Output: { twice: 2 },
      StateMachineArn,
    });
  });

  it('.sync fails with States.TaskFailed if the execution failed', async () => {
    const { create, run } = await startSelf();
    const StateMachineArn = await create('child', child('Fail'));
    const { error, cause } = await run(task('arn:aws:states:::states:startExecution.sync', { StateMachineArn }));
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'E', Cause: 'c' });
  });

  it('returns immediately without .sync', async () => {
    const { create, run } = await startSelf();
    const StateMachineArn = await create('child', child('Pass'));
    const { output } = await run(task('arn:aws:states:::states:startExecution', { StateMachineArn, Name: 'n-1' }));
    expect(JSON.parse(output ?? '')).toMatchObject({
      ExecutionArn: expect.stringContaining(':execution:child:n-1') as unknown,
    });
  });
});
