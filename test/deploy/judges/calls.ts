/** The resources that the calls use, by their names in one cloud. */
export interface Subjects {
  readonly table: string;
  readonly bucket: string;
  /** URLs. */
  readonly queues: Readonly<Record<'intake' | 'high' | 'default' | 'deadLetters', string>>;
  readonly secret: string;
  readonly machine: string;
  /** A task token of the state machine, or any text where the cloud judges none by its state machine. */
  readonly taskToken: string;
  readonly topic: string;
  /** ARN of the aggregator. */
  readonly aggregator: string;
}

/** One API call that is judged for each role. */
export interface ProbeCall {
  /** Identifies the call, the same in every cloud. */
  readonly label: string;
  /** As in the name of the SDK package: `@aws-sdk/client-<service>`. */
  readonly service: Service;
  /** The API action. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The IAM action and resource ARN that it needs. Source: AWS's service authorization reference. */
  readonly iam: readonly [action: string, resource: string];
}
export type Service = 'dynamodb' | 'lambda' | 's3' | 'secrets-manager' | 'sfn' | 'sns' | 'sqs';

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

/** Returns calls that the functions make, and calls that none of them should make. */
export function probeCalls(subjects: Subjects): readonly ProbeCall[] {
  return [
    ...ofDynamoDb(subjects),
    ...ofS3(subjects),
    ...ofSqs(subjects),
    ...ofStepFunctions(subjects),
    ...ofOthers(subjects),
  ];
}

function ofDynamoDb({ table: TableName }: Subjects): ProbeCall[] {
  const table = arn('dynamodb', `table/${TableName}`);
  const Key = { pk: { S: 'PROBE' }, sk: { S: 'PROBE' } };
  const call = (action: string, input: Record<string, unknown>, resource = table, label = action): ProbeCall => ({
    label: `dynamodb ${label}`,
    service: 'dynamodb',
    action,
    input: { TableName, ...input },
    iam: [`dynamodb:${action}`, resource],
  });
  const query = (IndexName: string | undefined, key: string) => ({
    ...(IndexName !== undefined && { IndexName }),
    KeyConditionExpression: `${key} = :it`,
    ExpressionAttributeValues: { ':it': { S: 'PROBE' } },
  });
  return [
    call('GetItem', { Key }),
    call('PutItem', { Item: Key }),
    call('UpdateItem', { Key }),
    call('DeleteItem', { Key }),
    call('Scan', {}),
    call('Query', query(undefined, 'pk')),
    call('Query', query('attention', 'attentionShard'), `${table}/index/attention`, 'Query index attention'),
    call('Query', query('run', 'runKey'), `${table}/index/run`, 'Query index run'),
    {
      ...call('BatchGetItem', {}),
      input: { RequestItems: { [TableName]: { Keys: [Key] } } },
    },
    call('DescribeTable', {}),
    call('DeleteTable', { TableName: `${TableName}-other` }, `${table}-other`, 'DeleteTable of another table'),
  ];
}

function ofS3({ bucket: Bucket }: Subjects): ProbeCall[] {
  const objects = ['uploads', 'runs', 'audit'].flatMap((prefix): ProbeCall[] => {
    const Key = `${prefix}/probe`;
    const resource = `arn:aws:s3:::${Bucket}/${Key}`;
    const call = (action: string, input: Record<string, unknown> = {}): ProbeCall => ({
      label: `s3 ${action} ${prefix}/`,
      service: 's3',
      action,
      input: { Bucket, Key, ...input },
      iam: [`s3:${action}`, resource],
    });
    // Writes before it reads, so that an allowed read does not fail because the object is missing.
    return [call('PutObject', { Body: 'probe' }), call('GetObject'), call('DeleteObject')];
  });
  return [
    ...objects,
    {
      label: 's3 ListObjectsV2',
      service: 's3',
      action: 'ListObjectsV2',
      input: { Bucket, Prefix: 'uploads/' },
      iam: ['s3:ListBucket', `arn:aws:s3:::${Bucket}`],
    },
  ];
}

function ofSqs({ queues }: Subjects): ProbeCall[] {
  return Object.entries(queues).flatMap(([name, QueueUrl]) => {
    const call = (action: string, input: Record<string, unknown> = {}): ProbeCall => ({
      label: `sqs ${action} ${name}`,
      service: 'sqs',
      action,
      input: { QueueUrl, ...input },
      iam: [`sqs:${action}`, arn('sqs', QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1))],
    });
    return [
      call('SendMessage', { MessageBody: '{}', DelaySeconds: 900 }),
      call('ReceiveMessage', { WaitTimeSeconds: 0, VisibilityTimeout: 0 }),
      call('GetQueueAttributes', { AttributeNames: ['All'] }),
      call('PurgeQueue'),
    ];
  });
}

function ofStepFunctions({ machine, taskToken }: Subjects): ProbeCall[] {
  const call = (action: string, input: Record<string, unknown>): ProbeCall => ({
    label: `states ${action}`,
    service: 'sfn',
    action,
    input,
    iam: [`states:${action}`, machine],
  });
  return [
    call('StartExecution', { stateMachineArn: machine, name: 'probe', input: '{"uploadId":"probe"}' }),
    call('DescribeStateMachine', { stateMachineArn: machine }),
    call('SendTaskSuccess', { taskToken, output: '{}' }),
    call('SendTaskFailure', { taskToken }),
    call('DeleteStateMachine', { stateMachineArn: machine }),
  ];
}

function ofOthers({ secret, topic, aggregator }: Subjects): ProbeCall[] {
  const FunctionName = aggregator;
  return [
    {
      label: 'secretsmanager GetSecretValue',
      service: 'secrets-manager',
      action: 'GetSecretValue',
      input: { SecretId: secret },
      iam: ['secretsmanager:GetSecretValue', secret],
    },
    {
      label: 'secretsmanager PutSecretValue',
      service: 'secrets-manager',
      action: 'PutSecretValue',
      input: { SecretId: secret, SecretString: 'probe' },
      iam: ['secretsmanager:PutSecretValue', secret],
    },
    {
      label: 'sns Publish',
      service: 'sns',
      action: 'Publish',
      input: { TopicArn: topic, Message: 'probe' },
      iam: ['sns:Publish', topic],
    },
    {
      label: 'lambda Invoke aggregator',
      service: 'lambda',
      action: 'Invoke',
      input: { FunctionName, InvocationType: 'DryRun' },
      iam: ['lambda:InvokeFunction', aggregator],
    },
  ];
}
