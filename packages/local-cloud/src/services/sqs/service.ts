import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleJson } from '../http.ts';
import type { JsonProtocol } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Caller, Service, ServiceInput, ServiceOutput } from '../service.ts';
import type { SqsAction, SqsContext } from './actions/action.ts';
import { getQueueAttributes, setQueueAttributes } from './actions/attributes.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './actions/move-tasks.ts';
import {
  createQueue,
  deleteQueue,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  provisionQueue,
  purgeQueue,
} from './actions/queues.ts';
import { receiveMessage } from './actions/receive.ts';
import { sendMessage, sendMessageBatch } from './actions/send.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './actions/settle.ts';
import { listQueueTags, tagQueue, untagQueue } from './actions/tags.ts';
import { MAX_MESSAGE_BYTES } from './attributes.ts';
import { noSuchQueue, queryErrorHeader } from './errors.ts';
import type { SqsEvents } from './events.ts';
import { MoveTasks } from './move-tasks.ts';
import { QueueStore } from './store.ts';
import type { StoreOptions } from './store.ts';

export interface SqsOptions extends StoreOptions {
  /** Base of queue URLs, e.g. `http://127.0.0.1:4566`. Called for each response, because the port may be known only later. */
  baseUrl(): string;
}

/** Exact counts of one queue. */
export interface QueueStats {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Enqueue time of the oldest message, in ms since 1970. CloudWatch's age of the oldest message is computed from it. */
  readonly oldestSentAt: number | undefined;
}

export interface SqsService extends Service {
  /** Message events, for event source mappings, the console and tests. */
  readonly events: Pick<SqsEvents, 'on' | 'next'>;
  /**
   * `ReceiveMessage` whose long poll ends empty as soon as the signal aborts. An abort never loses a delivered message.
   * `receiver` is recorded with the messages, for `releaseHeldBy`.
   */
  receive(input: ServiceInput, caller: Caller, signal: AbortSignal, receiver?: string): Promise<ServiceOutput>;
  /**
   * Makes visible the messages that `receiver` received and that have since neither been deleted nor got a new visibility
   * timeout. Returns their number. Use it when a receiver has died. Throws `QueueDoesNotExist`.
   */
  releaseHeldBy(queueArn: string, receiver: string): Promise<number>;
  /** Returns the URL of a queue by its ARN. Throws `QueueDoesNotExist`. */
  urlOf(queueArn: string): string;
  /** Returns a queue's counts by its ARN. Throws `QueueDoesNotExist`. */
  stats(queueArn: string): QueueStats;
  /** Returns the counts of all queues. */
  queues(): readonly { readonly name: string; readonly stats: QueueStats }[];
}

const ACTIONS: Readonly<Record<string, SqsAction>> = {
  CancelMessageMoveTask: cancelMessageMoveTask,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  CreateQueue: createQueue,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  ListMessageMoveTasks: listMessageMoveTasks,
  ListQueues: listQueues,
  ListQueueTags: listQueueTags,
  PurgeQueue: purgeQueue,
  ReceiveMessage: receiveMessage,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  SetQueueAttributes: setQueueAttributes,
  StartMessageMoveTask: startMessageMoveTask,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
};

/** In-process, `CreateQueue` updates an existing queue to the given attributes, as provisioning a template requires. */
const IN_PROCESS: typeof ACTIONS = { ...ACTIONS, CreateQueue: provisionQueue };

/** The local SQS. SPECIFICATION.md lists what it supports. */
export function createSqs(options: SqsOptions): SqsService {
  const store = new QueueStore(options);
  const moveTasks = new MoveTasks(store);
  const queueUrl: SqsContext['queueUrl'] = ({ name }) => `${options.baseUrl()}/${options.account}/${name}`;

  type Context = Pick<SqsContext, 'caller' | 'receiver'> & { readonly signal?: AbortSignal };
  function run(actions: typeof ACTIONS, action: string, input: ServiceInput, { caller, receiver, signal }: Context) {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined)
      throw new ServiceError('InvalidAction', `The local SQS does not support the action ${action}.`);
    return operation({ store, moveTasks, queueUrl, caller, signal, receiver }, input);
  }

  function queueOf(arn: string) {
    const queue = store.byArn(arn);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  const protocol: JsonProtocol = {
    version: '1.0',
    // A full batch with every character escaped in JSON.
    bodyLimit: 8 * MAX_MESSAGE_BYTES,
    errorType: (code) => `com.amazonaws.sqs#${code}`,
    errorHeaders: queryErrorHeader,
    run: async (action, input, caller, signal) => run(ACTIONS, action, input, { caller, signal }),
  };

  return {
    name: 'sqs',
    events: store.events,
    invoke: async (action, input, caller) => run(IN_PROCESS, action, input, { caller }),
    receive: async (input, caller, signal, receiver) =>
      run(ACTIONS, 'ReceiveMessage', input, { caller, signal, receiver }),
    releaseHeldBy: async (arn, receiver) => {
      const count = queueOf(arn).releaseHeldBy(receiver);
      await store.committed();
      return count;
    },
    urlOf: (arn) => queueUrl(queueOf(arn)),
    stats: (arn) => queueOf(arn).counts(),
    queues: () => [...store.all].map((queue) => ({ name: queue.name, stats: queue.counts() })),
    handle: (request: IncomingMessage, response: ServerResponse, caller, authorize) =>
      handleJson(protocol, request, response, caller, authorize),
    close: () => {
      moveTasks.close();
      return store.close();
    },
  };
}
