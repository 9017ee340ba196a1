import { z } from 'zod';
import { action } from './action.ts';

const TagInput = z.strictObject({ QueueUrl: z.string(), Tags: z.record(z.string(), z.string()) });

export const tagQueue = action(TagInput, ({ store }, { QueueUrl, Tags }) => {
  const queue = store.byUrl(QueueUrl);
  queue.tags = { ...queue.tags, ...Tags };
  store.save(queue);
  return {};
});

const UntagInput = z.strictObject({ QueueUrl: z.string(), TagKeys: z.array(z.string()) });

export const untagQueue = action(UntagInput, ({ store }, { QueueUrl, TagKeys }) => {
  const queue = store.byUrl(QueueUrl);
  queue.tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key)));
  store.save(queue);
  return {};
});

export const listQueueTags = action(z.strictObject({ QueueUrl: z.string() }), ({ store }, { QueueUrl }) => {
  const { tags } = store.byUrl(QueueUrl);
  return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
});
