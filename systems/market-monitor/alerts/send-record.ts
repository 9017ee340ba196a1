import { z } from 'zod';
import { storedRecord } from '#core/stored/record.ts';

/** What became of a notification to one recipient. */
export const sendRecordSchema = storedRecord({
  version: z.number().int().positive(),
  alert: z.string(),
  notification: z.string(),
  recipient: z.string(),
  /** `sending`: it is being sent, or its sender died. `waiting`: the last attempt failed. */
  state: z.enum(['sending', 'waiting', 'sent', 'gone']),
  attempts: z.number().int().positive(),
  at: z.number(),
  /** One line for the operator, without address or secret. */
  reason: z.string().optional(),
});
export type SendRecord = z.infer<typeof sendRecordSchema>;

export type SendKey = Pick<SendRecord, 'alert' | 'notification' | 'recipient'>;

export interface SendStore {
  get(key: SendKey): Promise<SendRecord | null>;
  /** Writes the next version, if the stored one is the version before it. */
  write(record: SendRecord): Promise<'written' | 'refused'>;
}
