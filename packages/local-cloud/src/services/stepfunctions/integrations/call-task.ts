import type { TaskCall } from '../../../asl/task-call.ts';
import { ERRORS, StateError } from '../../../asl/errors.ts';
import { isObject, type Json } from '../../../asl/json.ts';
import type { Caller, CallService } from '../../service.ts';
import type { Executions } from '../executions.ts';
import { callFailure } from './errors.ts';
import { asJson, recase, withText } from './json.ts';
import { invokeFunction, runFunction } from './lambda.ts';
import { parseResource, SDK_SERVICES, type Optimized, type Resource } from './resource.ts';
import { startExecution } from './start-execution.ts';

/** Each service's text field and the name of its general error. */
const OPTIMIZED = {
  sqs: { text: 'MessageBody', prefix: 'SQS', general: 'AmazonSQSException' },
  sns: { text: 'Message', prefix: 'SNS', general: 'AmazonSNSException' },
  dynamodb: { text: undefined, prefix: 'DynamoDB', general: 'AmazonDynamoDBException' },
} as const;

/** Calls another local service for a Task, with the role of its state machine. */
export async function callTask(call: CallService, executions: Executions, task: TaskCall): Promise<Json> {
  const resource = parseResource(task.resource);
  const caller: Caller = { accessKeyId: 'states', principal: task.roleArn };
  if (resource === undefined) throw new StateError(ERRORS.runtime, `unknown resource ${task.resource}`);
  if (resource.kind === 'function') return runFunction(call, resource.functionArn, task.arguments, caller);
  if (!isObject(task.arguments)) {
    throw new StateError(ERRORS.runtime, `the Arguments of ${task.resource} must be an object`);
  }
  if (resource.kind === 'sdk') return callSdk(call, resource, task.arguments, caller);
  if (resource.service === 'lambda') return invokeFunction(call, task.arguments, caller);
  if (resource.service === 'states') return startExecution(call, executions, task, resource.pattern, caller);
  return callOptimized(call, resource.service, resource.action, task.arguments, caller);
}

type Arguments = Readonly<Record<string, Json>>;

async function callOptimized(
  call: CallService,
  service: Exclude<Optimized, 'lambda' | 'states'>,
  action: string,
  input: Arguments,
  caller: Caller,
): Promise<Json> {
  const { text, prefix, general } = OPTIMIZED[service];
  try {
    return asJson(await call(service, pascal(action), text === undefined ? input : withText(input, text), caller));
  } catch (error) {
    throw callFailure(error, prefix, general);
  }
}

async function callSdk(
  call: CallService,
  resource: Extract<Resource, { kind: 'sdk' }>,
  input: Arguments,
  caller: Caller,
): Promise<Json> {
  const service = SDK_SERVICES[resource.service];
  if (service === undefined) throw new StateError(ERRORS.runtime, `unknown service ${resource.service}`);
  const isStates = service.local === 'states';
  const request = isStates ? recase(input, 'toLowerCase') : withText(withText(input, 'Body'), 'Payload');
  try {
    const answer = await call(service.local, pascal(resource.action), request, caller);
    return asJson(isStates ? recase(answer, 'toUpperCase') : answer);
  } catch (error) {
    throw callFailure(error, service.errors, `${service.errors}Exception`);
  }
}

function pascal(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}
