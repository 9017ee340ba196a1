import type { SQSRecord } from 'aws-lambda';
import { workMessageSchema, type WorkMessage } from '#core/tasks/work-message.ts';
import { parseJson } from './json.ts';

type Parsed = ReturnType<typeof workMessageSchema.safeParse>;

/** Parses a record of a pool's queue, and adds when the queue received it. */
export function parseWorkMessage({ body, attributes }: Pick<SQSRecord, 'body' | 'attributes'>): Parsed {
  const parsed = workMessageSchema.safeParse(parseJson(body));
  if (!parsed.success || parsed.data.type === 'task') return parsed;
  const data: WorkMessage = { ...parsed.data, sentAt: Number(attributes.SentTimestamp) };
  return { success: true, data };
}
