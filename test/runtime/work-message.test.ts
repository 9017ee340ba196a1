import type { SQSRecordAttributes } from 'aws-lambda';
import { expect, it } from 'vitest';
import { parseWorkMessage } from '#runtime/parse/work-message.ts';

const attributes = { SentTimestamp: '1700000000123' } as SQSRecordAttributes;
const parsed = (message: object) => parseWorkMessage({ body: JSON.stringify(message), attributes });

const object = {
  type: 'object',
  runId: 'spring',
  request: { id: 'spring', retry: 0 },
  object: { bucket: 'b', key: 'uploads/spring/a.pdf', etag: 'e', size: 3 },
  taskToken: 'token',
};

it('an uploaded document says when the queue received it, whatever its body says', () => {
  expect(parsed(object).data).toMatchObject({ runId: 'spring', sentAt: 1_700_000_000_123 });
  expect(parsed({ ...object, sentAt: 5 }).data).toMatchObject({ sentAt: 1_700_000_000_123 });
});

it('a message that cannot be read stays one', () => {
  expect(parsed({ type: 'object' }).success).toBe(false);
});
