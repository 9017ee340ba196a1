import { z } from 'zod';
import { stored } from '../stored/record.ts';
import type { Ids } from '../ports/ids.ts';

/** SHA-256 as 64 hex characters. */
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** Computes digests. */
export type Digests = Pick<Ids, 'digest'>;

/** One entry. `before` is written before the tool runs, `after` with its outcome (I7). */
export const auditEntrySchema = stored({
  taskId: z.string(),
  /** When the task was accepted, in milliseconds: an id may be used again once its task has expired. */
  createdAt: z.number(),
  step: z.number().int().nonnegative(),
  epoch: z.number().int().positive(),
  agent: z.string(),
  tool: z.string(),
  /** The model that asked for the call, as the provider names it. Only in the `before` entry. */
  model: z.string().optional(),
  phase: z.enum(['before', 'after']),
  /** When the call began or ended, in milliseconds. */
  at: z.number(),
  /** SHA-256 of the input or outcome: the trail proves what was done without holding customers' data. */
  contentDigest: digestSchema,
  outcome: z.enum(['ok', 'error']).optional(),
  /** The hash of the previous entry, or the genesis value for a task's first entry. */
  previous: digestSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** How far a task's chain has come: kept on the task, in the writes that begin and commit a tool's step. */
export const auditHeadSchema = stored({
  /** The hash of the last entry that counts. */
  hash: digestSchema,
  /**
   * That entry, while it is announced but not known to be in the trail: its worker may have died in between. The next
   * holder writes it, so that the chain has no gap.
   */
  announced: auditEntrySchema.optional(),
  /** Where the last call stands that was made after the task had ended. */
  last: stored({ step: z.number().int().nonnegative(), epoch: z.number().int().positive() }).optional(),
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** The fields of release 0.2, in their order. This list never changes, since every hash depends on it. */
const FIRST = [
  'taskId',
  'createdAt',
  'step',
  'epoch',
  'agent',
  'tool',
  'model',
  'phase',
  'at',
  'contentDigest',
  'outcome',
  'previous',
];

/** Fields that came later follow by their names, so that a release that does not know one writes the same bytes. */
const rankOf = (field: string): number => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length);

/** An entry as it is kept: its fields as JSON, always in the same order, so that equal entries are equal bytes. */
export function entryText(entry: AuditEntry): string {
  const fields = Object.entries(entry).toSorted(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(fields));
}

export const entryHash = (ids: Digests, entry: AuditEntry): string => ids.digest(entryText(entry));

/** The `previous` hash of a task's first entry. */
export const genesis = (ids: Digests, taskId: string, createdAt: number): string =>
  ids.digest(JSON.stringify(['agent-fleet audit trail', taskId, createdAt]));

/** Which entry something stands for. */
export type EntryPlace = Pick<AuditEntry, 'taskId' | 'createdAt' | 'step' | 'epoch' | 'phase'>;

export const placeOf = ({ taskId, createdAt, step, epoch, phase }: EntryPlace): EntryPlace => ({
  taskId,
  createdAt,
  step,
  epoch,
  phase,
});
