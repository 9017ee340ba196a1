import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';

/** What became of a mail to one recipient. */
export const mailRecordSchema = storedRecord({
  version: z.number().int().positive(),
  /** `sending`: it is being sent, or its sender died. `waiting`: the last attempt surely sent nothing. */
  state: z.enum(['sending', 'waiting', 'sent', 'rejected']),
  /** Attempts that may have sent it. */
  attempts: z.number().int().nonnegative(),
  /** When the record was written, in milliseconds since 1970. */
  at: z.number(),
  messageId: z.string().optional(),
  reason: z.string().optional(),
});
