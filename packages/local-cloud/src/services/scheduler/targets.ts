import { ROOT, ServiceError } from '../service.ts';
import type { Caller, CallService } from '../service.ts';

/** The target of a schedule. */
export interface Target {
  readonly arn: string;
  /** JSON text (any text for SQS) that replaces the event. */
  readonly input: string | undefined;
  readonly deadLetterArn: string | undefined;
  readonly messageGroupId: string | undefined;
}

/** One firing of a schedule. */
export interface Execution {
  readonly id: string;
  readonly scheduleArn: string;
  readonly firedAt: number;
}

/**
 * Calls a target once: a Lambda function (asynchronously, so the function's own retries apply), an SQS queue, a state
 * machine, or any action as `arn:aws:scheduler:::aws-sdk:<service>:<action>`. If the call fails, the input goes to the
 * target's dead-letter queue, if any, and the error is thrown.
 */
export async function deliver(
  target: Target,
  event: object,
  execution: Execution,
  caller: Caller,
  call: CallService,
): Promise<void> {
  const input = target.input === undefined ? JSON.stringify(event) : fill(target.input, execution);
  try {
    await send(target, input, caller, call);
  } catch (error) {
    if (target.deadLetterArn !== undefined) await sendMessage(target.deadLetterArn, input, {}, caller, call);
    throw error;
  }
}

async function send({ arn, messageGroupId }: Target, input: string, caller: Caller, call: CallService): Promise<void> {
  const [, , service, , , kind, action] = arn.split(':');
  if (service === 'lambda') {
    await call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: input }, caller);
  } else if (service === 'sqs') {
    await sendMessage(arn, input, messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId }, caller, call);
  } else if (service === 'states') {
    await call('states', 'StartExecution', { stateMachineArn: arn, input }, caller);
  } else if (service === 'scheduler' && kind === 'aws-sdk') {
    const [, , , , , , name = '', operation = ''] = arn.split(':');
    const pascal = operation.slice(0, 1).toUpperCase() + operation.slice(1);
    await call(name === 'sfn' ? 'states' : name, pascal, JSON.parse(input) as Record<string, unknown>, caller);
  } else {
    throw new ServiceError(
      'ValidationException',
      `The local cloud does not support the target ${arn} (${action ?? service}).`,
    );
  }
}

async function sendMessage(arn: string, body: string, extra: object, caller: Caller, call: CallService): Promise<void> {
  const QueueName = arn.split(':').at(-1);
  const { QueueUrl } = await call('sqs', 'GetQueueUrl', { QueueName }, ROOT);
  await call('sqs', 'SendMessage', { QueueUrl, MessageBody: body, ...extra }, caller);
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function fill(input: string, { id, scheduleArn, firedAt }: Execution): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', new Date(firedAt).toISOString().replace('.000Z', 'Z'))
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}
