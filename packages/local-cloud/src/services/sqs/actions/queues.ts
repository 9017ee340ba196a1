import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { applyAttributes, DEFAULT_SETTINGS, describeSettings } from '../attributes.ts';
import { noSuchQueue } from '../errors.ts';
import { action } from './action.ts';

const QueueName = z
  .string()
  .regex(/^[\w-]{1,80}(\.fifo)?$/, 'it must consist of 1 to 80 letters, digits, hyphens and underscores');
const StringMap = z.record(z.string(), z.string());

const CreateQueueInput = z.strictObject({
  QueueName,
  Attributes: StringMap.default({}),
  tags: StringMap.default({}),
});

function rejectFifo(name: string): void {
  if (!name.endsWith('.fifo')) return;
  throw new ServiceError('UnsupportedOperation', 'The local cloud does not support FIFO queues. Use a standard queue.');
}

/** Creates a queue, or returns the existing one if its attributes are the same. */
export const createQueue = action(CreateQueueInput, ({ store, queueUrl }, { QueueName, Attributes, tags }) => {
  rejectFifo(QueueName);
  const existing = store.find(QueueName);
  if (existing === undefined) return { QueueUrl: queueUrl(store.create(QueueName, Attributes, tags)) };
  const requested = describeSettings(applyAttributes(existing.settings, Attributes));
  if (!isDeepStrictEqual(requested, describeSettings(existing.settings))) {
    throw new ServiceError(
      'QueueNameExists',
      'A queue already exists with the same name and a different value for an attribute.',
    );
  }
  return { QueueUrl: queueUrl(existing) };
});

/** Creates a queue or updates it to exactly these attributes and tags, as provisioning a template requires. */
export const provisionQueue = action(CreateQueueInput, ({ store, queueUrl }, { QueueName, Attributes, tags }) => {
  rejectFifo(QueueName);
  const existing = store.find(QueueName);
  if (existing === undefined) return { QueueUrl: queueUrl(store.create(QueueName, Attributes, tags)) };
  existing.tags = { ...tags };
  store.configure(existing, Attributes, DEFAULT_SETTINGS);
  return { QueueUrl: queueUrl(existing) };
});

export const deleteQueue = action(z.strictObject({ QueueUrl: z.string() }), ({ store }, { QueueUrl }) => {
  store.delete(store.byUrl(QueueUrl));
  return {};
});

const GetQueueUrlInput = z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() });

export const getQueueUrl = action(GetQueueUrlInput, ({ store, queueUrl }, { QueueName }) => {
  const queue = store.find(QueueName);
  if (queue === undefined) throw noSuchQueue();
  return { QueueUrl: queueUrl(queue) };
});

const ListQueuesInput = z.strictObject({
  QueueNamePrefix: z.string().default(''),
  MaxResults: z.int().min(1).max(1000).default(1000),
  NextToken: z.string().optional(),
});

/** Lists queues by name. `NextToken` is the last name of the previous page. */
export const listQueues = action(ListQueuesInput, ({ store, queueUrl }, { QueueNamePrefix, MaxResults, NextToken }) => {
  const names = [...store.all]
    .filter(({ name }) => name.startsWith(QueueNamePrefix) && (NextToken === undefined || name > NextToken))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const page = names.slice(0, MaxResults);
  const last = page.at(-1);
  return {
    ...(page.length > 0 && { QueueUrls: page.map(queueUrl) }),
    ...(names.length > page.length && last !== undefined && { NextToken: last.name }),
  };
});

export const listDeadLetterSourceQueues = action(
  z.strictObject({ QueueUrl: z.string() }),
  ({ store, queueUrl }, input) => ({
    queueUrls: store.deadLetterSources(store.byUrl(input.QueueUrl)).map(queueUrl),
  }),
);

export const purgeQueue = action(z.strictObject({ QueueUrl: z.string() }), ({ store }, { QueueUrl }) => {
  store.byUrl(QueueUrl).purge();
  return {};
});
