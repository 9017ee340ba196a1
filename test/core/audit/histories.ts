import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { entryHash, entryText, genesis, placeOf, type AuditEntry, type AuditHead } from '#core/audit/entry.ts';
import type { KeptEntry } from '#core/ports/audit-reader.ts';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export const ids = { digest };

/** A tool call and its outcome. */
export interface Call {
  /** Claims that died during the call, and whether their outcome was still recorded. */
  readonly died: readonly boolean[];
  readonly error: boolean;
}

/** A task's trail as workers write it. */
export interface Trail {
  readonly taskId: string;
  readonly createdAt: number;
  readonly chain: readonly AuditEntry[];
  readonly uncounted: readonly AuditEntry[];
  readonly head: AuditHead | undefined;
}

export const calls = fc.array(fc.record({ died: fc.array(fc.boolean(), { maxLength: 2 }), error: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
});

/** Returns the trail of a task that made these calls in order. Each claim that died is followed by another. */
export function trailOf(made: readonly Call[], taskId = 'support-1', createdAt = 7): Trail {
  const chain: AuditEntry[] = [];
  const uncounted: AuditEntry[] = [];
  let hash = genesis(ids, taskId, createdAt);
  let epoch = 1;
  made.forEach(({ died, error }, index) => {
    const common = { taskId, createdAt, step: 2 * index + 1, agent: 'support', tool: `tool-${index}` };
    const before = (): AuditEntry => {
      const content = { contentDigest: digest(`input ${index}`), previous: hash };
      const entry: AuditEntry = { ...common, epoch, phase: 'before', at: 100 * epoch, ...content };
      hash = entryHash(ids, entry);
      return entry;
    };
    const after = (): AuditEntry => {
      const outcome = error ? ('error' as const) : ('ok' as const);
      const content = { contentDigest: digest(`output ${index}`), outcome, previous: hash };
      return { ...common, epoch, phase: 'after', at: 100 * epoch + 1, ...content };
    };
    for (const finished of died) {
      chain.push(before());
      if (finished) uncounted.push(after());
      epoch += 1;
    }
    chain.push(before());
    const last = after();
    chain.push(last);
    hash = entryHash(ids, last);
  });
  return { taskId, createdAt, chain, uncounted, head: chain.length === 0 ? undefined : { hash } };
}

export const keptAt = (entry: AuditEntry, change: Partial<KeptEntry> = {}): KeptEntry => ({
  place: placeOf(entry),
  text: entryText(entry),
  versions: 1,
  deleted: false,
  ...change,
});
