import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { MAX_VISIBILITY_SECONDS } from '../attributes.ts';
import { readReceiptHandle } from '../message.ts';
import type { Receipt } from '../message.ts';
import { action } from './action.ts';
import { checkBatch, EntryId, runBatch } from './batch.ts';

function receipt(handle: string): Receipt {
  const read = readReceiptHandle(handle);
  if (read !== undefined) return read;
  throw new ServiceError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}

const DeleteInput = z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() });

export const deleteMessage = action(DeleteInput, ({ store }, { QueueUrl, ReceiptHandle }) => {
  store.byUrl(QueueUrl).delete(receipt(ReceiptHandle));
  return {};
});

const DeleteBatchInput = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(z.strictObject({ Id: EntryId, ReceiptHandle: z.string() })),
});

export const deleteMessageBatch = action(DeleteBatchInput, ({ store }, { QueueUrl, Entries }) => {
  const queue = store.byUrl(QueueUrl);
  checkBatch(Entries);
  return runBatch(Entries, ({ ReceiptHandle }) => {
    queue.delete(receipt(ReceiptHandle));
    return {};
  });
});

const visibility = { ReceiptHandle: z.string(), VisibilityTimeout: z.int().min(0).max(MAX_VISIBILITY_SECONDS) };

const VisibilityInput = z.strictObject({ QueueUrl: z.string(), ...visibility });

export const changeMessageVisibility = action(VisibilityInput, ({ store }, input) => {
  store.byUrl(input.QueueUrl).changeVisibility(receipt(input.ReceiptHandle), input.VisibilityTimeout);
  return {};
});

const VisibilityBatchInput = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(z.strictObject({ Id: EntryId, ...visibility })),
});

export const changeMessageVisibilityBatch = action(VisibilityBatchInput, ({ store }, { QueueUrl, Entries }) => {
  const queue = store.byUrl(QueueUrl);
  checkBatch(Entries);
  return runBatch(Entries, (entry) => {
    queue.changeVisibility(receipt(entry.ReceiptHandle), entry.VisibilityTimeout);
    return {};
  });
});
