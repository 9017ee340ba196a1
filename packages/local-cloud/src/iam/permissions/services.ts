import type { Names, Permission, PermissionsOf, PermissionTable } from './permission.ts';
import { text } from './fields.ts';

/** Actions that require the permission of the same name on the resource that `resourceOf` reads from the input. */
function named(
  service: string,
  actions: readonly string[],
  resourceOf: (input: unknown, names: Names) => Permission['resource'],
): PermissionTable {
  return Object.fromEntries(
    actions.map((action) => [
      action,
      (input, names) => [{ action: `${service}:${action}`, resource: resourceOf(input, names) }],
    ]),
  );
}

/** The permissions of another action, for an action without permissions of its own. */
function as(table: PermissionTable, action: string): PermissionsOf {
  const permissions = table[action];
  if (permissions === undefined) throw new Error(`The table has no action ${action}.`);
  return permissions;
}

const everything = (): string => '*';

const queueArn = (input: unknown, names: Names): string => names.arn('sqs', last(text(input, 'QueueUrl'), '/'));

const SQS_NAMED: PermissionTable = {
  ...named(
    'sqs',
    [
      'ChangeMessageVisibility',
      'DeleteMessage',
      'DeleteQueue',
      'GetQueueAttributes',
      'ListDeadLetterSourceQueues',
      'ListQueueTags',
      'PurgeQueue',
      'ReceiveMessage',
      'SendMessage',
      'SetQueueAttributes',
      'TagQueue',
      'UntagQueue',
    ],
    queueArn,
  ),
  ...named('sqs', ['CreateQueue', 'GetQueueUrl'], (input, names) => names.arn('sqs', text(input, 'QueueName'))),
  ...named('sqs', ['ListMessageMoveTasks', 'StartMessageMoveTask'], (input) => text(input, 'SourceArn')),
  ...named('sqs', ['CancelMessageMoveTask', 'ListQueues'], everything),
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const SQS: PermissionTable = {
  ...SQS_NAMED,
  ChangeMessageVisibilityBatch: as(SQS_NAMED, 'ChangeMessageVisibility'),
  DeleteMessageBatch: as(SQS_NAMED, 'DeleteMessage'),
  SendMessageBatch: as(SQS_NAMED, 'SendMessage'),
};

const SNS_NAMED: PermissionTable = {
  ...named('sns', ['DeleteTopic', 'GetTopicAttributes', 'ListSubscriptionsByTopic', 'Publish', 'Subscribe'], (input) =>
    text(input, 'TopicArn'),
  ),
  ...named('sns', ['CreateTopic'], (input, names) => names.arn('sns', text(input, 'Name'))),
  ...named('sns', ['Unsubscribe'], (input) => {
    const arn = text(input, 'SubscriptionArn');
    return arn.slice(0, Math.max(0, arn.lastIndexOf(':')));
  }),
  ...named('sns', ['ListSubscriptions', 'ListTopics'], everything),
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const SNS: PermissionTable = { ...SNS_NAMED, PublishBatch: as(SNS_NAMED, 'Publish') };

/** The ARN of a function given as a name, `name:alias` or a full or partial ARN, with an optional `Qualifier`. */
export function functionArn(input: unknown, names: Pick<Names, 'arn'>): string {
  const given = text(input, 'FunctionName');
  const name = given.includes(':function:') ? given.slice(given.indexOf(':function:') + ':function:'.length) : given;
  const qualifier = text(input, 'Qualifier');
  const qualified = qualifier === '' || name.includes(':') ? name : `${name}:${qualifier}`;
  return names.arn('lambda', `function:${qualified}`);
}

const mappingArn = (input: unknown, names: Names): string =>
  names.arn('lambda', `event-source-mapping:${text(input, 'UUID')}`);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const LAMBDA: PermissionTable = {
  ...named('lambda', ['GetFunction', 'GetFunctionConfiguration'], functionArn),
  Invoke: (input, names) => [{ action: 'lambda:InvokeFunction', resource: functionArn(input, names) }],
  ...named('lambda', ['GetEventSourceMapping', 'UpdateEventSourceMapping'], mappingArn),
  ...named('lambda', ['ListEventSourceMappings', 'ListFunctions'], everything),
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export const STATES: PermissionTable = {
  ...named(
    'states',
    ['DeleteStateMachine', 'DescribeStateMachine', 'ListExecutions', 'StartExecution', 'UpdateStateMachine'],
    (input) => text(input, 'stateMachineArn'),
  ),
  ...named('states', ['DescribeExecution', 'GetExecutionHistory', 'ListMapRuns', 'StopExecution'], (input) =>
    text(input, 'executionArn'),
  ),
  ...named('states', ['DescribeMapRun'], (input) => text(input, 'mapRunArn')),
  ...named('states', ['CreateStateMachine'], (input, names) =>
    names.arn('states', `stateMachine:${text(input, 'name')}`),
  ),
  // For a token that was not issued here, only the action is checked. Then the service rejects it.
  ...named('states', ['SendTaskFailure', 'SendTaskHeartbeat', 'SendTaskSuccess'], (input, names) =>
    names.machineOf(text(input, 'taskToken')),
  ),
  ...named('states', ['ListStateMachines'], everything),
};

function secretArn(input: unknown, names: Names): string {
  const id = text(input, 'SecretId');
  return id.startsWith('arn:') ? id : (names.secretArn(id) ?? names.arn('secretsmanager', `secret:${id}`));
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const SECRETS_MANAGER: PermissionTable = {
  ...named(
    'secretsmanager',
    ['DeleteSecret', 'DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'RestoreSecret', 'UpdateSecret'],
    secretArn,
  ),
  ...named('secretsmanager', ['CreateSecret'], (input, names) =>
    // Six random characters follow the name.
    names.arn('secretsmanager', `secret:${text(input, 'Name')}-??????`),
  ),
  ...named('secretsmanager', ['ListSecrets'], everything),
};

/** The address alone, as in `Brief <brief@example.com>`. */
export const addressIn = (from: string): string => /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from;

const identityArn = (name: string, names: Names): string => names.arn('ses', `identity/${name}`);

/**
 * Sending requires the permission on the identity of the sender, and on the configuration set when there is one:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const SES: PermissionTable = {
  SendEmail: (input, names) => {
    const from = text(input, 'FromEmailAddress');
    const address = addressIn(from);
    const set = text(input, 'ConfigurationSetName');
    const identity = names.emailIdentity(address) ?? last(address, '@');
    return [
      { action: 'ses:SendEmail', resource: identityArn(identity, names) },
      ...(set === '' ? [] : [{ action: 'ses:SendEmail', resource: names.arn('ses', `configuration-set/${set}`) }]),
    ];
  },
  ...named('ses', ['CreateEmailIdentity', 'DeleteEmailIdentity', 'GetEmailIdentity'], (input, names) =>
    identityArn(text(input, 'EmailIdentity'), names),
  ),
  ...named('ses', ['CreateConfigurationSet'], (input, names) =>
    names.arn('ses', `configuration-set/${text(input, 'ConfigurationSetName')}`),
  ),
  ...named('ses', ['GetAccount', 'ListEmailIdentities'], everything),
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const LOGS: PermissionTable = {
  // AWS checks it as the listing of all groups, whatever the prefix.
  ...named('logs', ['DescribeLogGroups'], (_input, names) => names.arn('logs', 'log-group::log-stream:')),
  ...named('logs', ['FilterLogEvents'], (input, names) => {
    const group = text(input, 'logGroupName') || last(text(input, 'logGroupIdentifier'), ':log-group:');
    return names.arn('logs', `log-group:${group}`);
  }),
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
export const XRAY: PermissionTable = named('xray', ['BatchGetTraces'], everything);

/**
 * Alarms are described by those who may describe them all: composite alarms require it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
export const MONITORING: PermissionTable = {
  ...named('cloudwatch', ['DescribeAlarms', 'GetMetricData', 'ListMetrics', 'PutMetricData'], everything),
  ...named('cloudwatch', ['DescribeAlarmHistory', 'SetAlarmState'], (input, names) =>
    names.arn('cloudwatch', `alarm:${text(input, 'AlarmName') || '*'}`),
  ),
};

function last(value: string, separator: string): string {
  return value.split(separator).at(-1) ?? '';
}
