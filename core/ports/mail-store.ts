import type { z } from 'zod';
import type { mailRecordSchema } from '../mail/record.ts';
import type { Letter } from './mailer.ts';

export type MailKey = Pick<Letter, 'about' | 'to'>;
export type MailRecord = z.infer<typeof mailRecordSchema>;

/** What became of each mail. */
export interface MailStore {
  /** The newest record, strongly consistent. Null: none was written. */
  get(key: MailKey): Promise<MailRecord | null>;
  /** Writes a record if the stored one has the version before: none if it is version 1. */
  write(key: MailKey, record: MailRecord): Promise<'written' | 'refused'>;
}
