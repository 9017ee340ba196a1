import { ROOT, ServiceError } from '../service.ts';
import type { Caller, CallService } from '../service.ts';
import { fillInput } from './execution.ts';
import type { Execution } from './execution.ts';

/** The target of a schedule. */
export interface Target {
  readonly arn: string;
  /** JSON text (any text for SQS) that replaces the event. */
  readonly input: string | undefined;
  readonly deadLetterArn: string | undefined;
  readonly messageGroupId: string | undefined;
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
  const input = target.input === undefined ? JSON.stringify(event) : fillInput(target.input, execution);
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
