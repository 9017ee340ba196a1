import { setTimeout as delay } from 'node:timers/promises';
import { type LocalCloud, ServiceError, startLocalCloud } from '@agent-fleet/local-cloud';
import { need } from '../document.ts';
import { probeCalls } from './calls.ts';
import type { ProbeCall, Service, Subjects } from './calls.ts';
import { isDenied } from './verdicts.ts';
import type { Verdicts } from './verdicts.ts';

/** The local cloud's names of the services. */
const SERVICES: Readonly<Record<Service, string>> = {
  dynamodb: 'dynamodb',
  lambda: 'lambda',
  s3: 's3',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
  sns: 'sns',
  sqs: 'sqs',
};

/** Lets the local cloud judge the calls for each role of an assembly. */
export async function judgeLocally(assembly: string, dataDir: string): Promise<Verdicts> {
  const cloud = await startLocalCloud({ assembly, dataDir, port: 0 });
  try {
    const calls = probeCalls(await subjectsOf(cloud));
    const verdicts = new Map<string, Map<string, boolean>>();
    for (const [role, arn] of rolesOf(cloud)) {
      const ofRole = new Map<string, boolean>();
      for (const call of calls) ofRole.set(call.label, await isAllowed(cloud, call, arn));
      verdicts.set(role, ofRole);
    }
    return verdicts;
  } finally {
    await cloud.close({ drainMs: 0 });
  }
}

async function isAllowed(cloud: LocalCloud, { service, action, input }: ProbeCall, role: string): Promise<boolean> {
  try {
    await cloud.call(SERVICES[service], action, input, { accessKeyId: 'probe', principal: role });
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return !isDenied({ error: error.code });
  }
}

/** Returns the ARNs of the roles by stack and logical id. */
function rolesOf({ resources }: LocalCloud): ReadonlyMap<string, string> {
  const roles = resources.filter(({ type }) => type === 'AWS::IAM::Role');
  return new Map(
    roles.map(({ stack, logicalId, attributes }) => [`${stack}/${logicalId}`, String(attributes?.['Arn'])]),
  );
}

async function subjectsOf(cloud: LocalCloud): Promise<Subjects> {
  const { resources, outputs: stacks } = cloud;
  const outputs = { ...stacks['fleet-dev-platform'], ...stacks['fleet-dev-documents'] };
  const find = (type: string, prefix: string) => {
    const found = resources.find((resource) => resource.type === type && resource.logicalId.startsWith(prefix));
    if (found === undefined)
      throw new Error(`The assembly has no ${type} with a logical id that starts with ${prefix}.`);
    return found;
  };
  const machine = need(outputs, 'StateMachineArn');
  return {
    table: need(outputs, 'StateTable'),
    bucket: need(outputs, 'UploadBucket'),
    queues: {
      intake: find('AWS::SQS::Queue', 'IntakeQueue').ref,
      high: need(outputs, 'HighQueueUrl'),
      default: need(outputs, 'DefaultQueueUrl'),
      deadLetters: need(outputs, 'DeadLetterQueueUrl'),
    },
    secret: find('AWS::SecretsManager::Secret', 'Model').ref,
    machine,
    taskToken: await taskTokenOf(cloud, machine),
    topic: need(outputs, 'ReportTopicArn'),
    aggregator: String(find('AWS::Lambda::Function', 'FanOutAggregator').attributes?.['Arn']),
  };
}

/** Lets the state machine wait for one token, and reads it from the history. The cloud is stopped afterwards. */
async function taskTokenOf({ call }: LocalCloud, stateMachineArn: string): Promise<string> {
  const root = { accessKeyId: 'probe', principal: 'root' };
  const definition = JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: { QueueUrl: 'none', MessageBody: '{% $states.context.Task.Token %}' },
        End: true,
      },
    },
  });
  await call('states', 'UpdateStateMachine', { stateMachineArn, definition }, root);
  const { executionArn } = await call('states', 'StartExecution', { stateMachineArn, input: '{}' }, root);
  for (;;) {
    const history = await call('states', 'GetExecutionHistory', { executionArn }, root);
    const token = /"MessageBody\\*":\\*"([^"\\]+)/.exec(JSON.stringify(history))?.[1];
    if (token !== undefined) return token;
    await delay(10);
  }
}
