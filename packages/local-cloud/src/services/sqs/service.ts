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
  /** Where queue URLs point, e.g. `http://127.0.0.1:4566`; asked at each answer, since a port may be known late. */
  baseUrl(): string;
}

/** Exact numbers of one queue at this moment. */
export interface QueueStats {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Enqueue time of the message accepted first of those still there, in ms since 1970; CloudWatch's age of the oldest message. */
  readonly oldestSentAt: number | undefined;
}

export interface SqsService extends Service {
  /** What happens to messages, for event source mappings, the console and tests. */
  readonly events: Pick<SqsEvents, 'on' | 'next'>;
  /**
   * `ReceiveMessage` whose long poll ends with no messages as soon as the signal aborts.
   * A message handed out is never lost by an abort. `receiver` is noted with the messages, for `giveBack`.
   */
  receive(input: ServiceInput, caller: Caller, signal: AbortSignal, receiver?: string): Promise<ServiceOutput>;
  /**
   * Makes visible at once what `receiver` received from the queue and nobody has deleted or set a visibility for since;
   * answers with how many messages these were. For a receiver that died. Throws `QueueDoesNotExist`.
   */
  giveBack(queueArn: string, receiver: string): Promise<number>;
  /** The URL of a queue's ARN. Throws `QueueDoesNotExist`. */
  urlOf(queueArn: string): string;
  /** A queue's numbers by its ARN. Throws `QueueDoesNotExist`. */
  stats(queueArn: string): QueueStats;
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

/** In-process, `CreateQueue` brings an existing queue to the given attributes, as provisioning a template does. */
const IN_PROCESS: typeof ACTIONS = { ...ACTIONS, CreateQueue: provisionQueue };

/** SQS of the local cloud; see SPECIFICATION.md for what it honours. */
export function createSqs(options: SqsOptions): SqsService {
  const store = new QueueStore(options);
  const moveTasks = new MoveTasks(store);
  const queueUrl: SqsContext['queueUrl'] = ({ name }) => `${options.baseUrl()}/${options.account}/${name}`;

  type Who = Pick<SqsContext, 'caller' | 'receiver'> & { readonly signal?: AbortSignal };
  function run(actions: typeof ACTIONS, action: string, input: ServiceInput, { caller, receiver, signal }: Who) {
    const operation = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (operation === undefined) throw new ServiceError('InvalidAction', `The local SQS has no action ${action}.`);
    return operation({ store, moveTasks, queueUrl, caller, signal, receiver }, input);
  }

  function queueOf(arn: string) {
    const queue = store.byArn(arn);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  const protocol: JsonProtocol = {
    version: '1.0',
    // A full batch, all its characters escaped in JSON.
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
    giveBack: async (arn, receiver) => {
      const count = queueOf(arn).giveBack(receiver);
      await store.committed();
      return count;
    },
    urlOf: (arn) => queueUrl(queueOf(arn)),
    stats: (arn) => queueOf(arn).counts(),
    handle: (request: IncomingMessage, response: ServerResponse, caller, authorize) =>
      handleJson(protocol, request, response, caller, authorize),
    close: () => {
      moveTasks.close();
      return store.close();
    },
  };
}
