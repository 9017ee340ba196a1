import { GetQueueUrlCommand, QueueDoesNotExist, SQSServiceException, type SQSClient } from '@aws-sdk/client-sqs';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { homeOfTask } from '#core/regions/home.ts';
import { queueOf, QUEUES, type QueueName } from '#core/tasks/task.ts';
import { regionPartsHere, type RegionParts } from '../dynamodb/regions/region-parts.ts';
import { sqs, sqsIn } from './client.ts';
import { groupedSends } from './grouped-sends.ts';
import { taskMessage } from './task-message.ts';

export interface SqsPoolQueuesOptions {
  /** Prefix of the queue names: `<prefix>-<agent>-<queue>`. */
  readonly prefix: string;
  /** URLs of queues that the function already has, so it need not look them up. @default none */
  readonly own?: { readonly agent: string; readonly urls: Readonly<Record<QueueName, string>> };
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/**
 * The queues of all pools, looked up by name. For functions that send tasks to any agent. In a global fleet the task API
 * sends a task to the queues of the region that holds its home.
 */
export function sqsPoolQueues(options: SqsPoolQueuesOptions): TaskQueue {
  const parts = options.client ? null : regionPartsHere();
  const here = queuesOf({ client: sqs(), ...options });
  if (!parts?.regions.forwards) return here;
  const { regions } = parts;
  const queues = new Map<RegionIndex, TaskQueue>([[regions.index, here]]);
  return forwarding(parts, (index) => {
    const made = queues.get(index) ?? queuesOf({ prefix: options.prefix, client: sqsIn(regions.all[index]?.region) });
    queues.set(index, made);
    return made;
  });
}

interface Forwards {
  readonly regions: Pick<RegionParts['regions'], 'index' | 'names'>;
  readonly holders: Pick<RegionParts['holders'], 'of' | 'lastOf'>;
}

/**
 * Sends a task to the region that holds its home. A region that is busy may not answer in time who does, although the task
 * was stored just before: then to the one that held it, since a message in the wrong region is only late. While nobody is
 * known to have held it, whoever takes it over sends the message.
 */
export function forwarding({ regions, holders }: Forwards, queuesIn: (region: RegionIndex) => TaskQueue): TaskQueue {
  return {
    serves: (agent) => queuesIn(regions.index).serves(agent),
    async send(task, delayMs) {
      const home = homeOfTask(task.id, regions.names);
      const holder = (await holders.of(home))?.holder ?? holders.lastOf(home);
      if (holder !== null) await queuesIn(holder).send(task, delayMs);
    },
  };
}

function queuesOf({ prefix, own, client }: SqsPoolQueuesOptions & { readonly client: SQSClient }): TaskQueue {
  const nameOf = (agent: string, queue: QueueName): string => `${prefix}-${agent}-${queue}`;
  const send = groupedSends(client);
  const urls = new Map<string, Promise<string>>();
  if (own) {
    for (const queue of QUEUES) urls.set(nameOf(own.agent, queue), Promise.resolve(own.urls[queue]));
  }
  const lookUp = async (QueueName: string): Promise<string> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
    if (QueueUrl === undefined) throw new Error(`SQS returned no URL for the queue ${QueueName}.`);
    return QueueUrl;
  };
  const urlOf = async (name: string): Promise<string> => {
    const known = urls.get(name) ?? lookUp(name);
    urls.set(name, known);
    // A failed lookup is not cached.
    known.catch(() => urls.delete(name));
    return known;
  };
  return {
    async serves(agent) {
      try {
        await Promise.all(QUEUES.map((queue) => urlOf(nameOf(agent, queue))));
        return true;
      } catch (error) {
        if (isOutOfReach(error)) return false;
        throw error;
      }
    },
    async send(task, delayMs = 0) {
      const QueueUrl = await urlOf(nameOf(task.agent, queueOf(task.priority)));
      await send(QueueUrl, taskMessage(task, delayMs));
    },
  };
}

/** The pool does not exist, or was created after the caller's permissions. */
const isOutOfReach = (error: unknown): boolean =>
  error instanceof QueueDoesNotExist || (error instanceof SQSServiceException && /AccessDenied/.test(error.name));
