import { describe, expect, it } from 'vitest';
import { entryText, placeOf } from '#core/audit/entry.ts';
import type { AuditReader } from '#core/ports/audit-reader.ts';
import type { AuditEntry, AuditTrail } from '#core/ports/audit-trail.ts';
import { collect, freshId, NOW } from './samples.ts';

/** A trail and its reader. */
export interface AuditTrailUnderTest {
  readonly trail: AuditTrail;
  readonly reader: AuditReader;
}

export const sampleEntry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  taskId: freshId(),
  createdAt: NOW - 9,
  step: 1,
  epoch: 1,
  agent: 'support',
  tool: 'refund',
  phase: 'before',
  at: NOW,
  contentDigest: 'ab'.repeat(32),
  previous: 'ef'.repeat(32),
  ...change,
});

/** What every audit trail must do, and its reader. */
export function auditTrailContract(open: () => Promise<AuditTrailUnderTest>): void {
  const keptOf = (entry: AuditEntry) => ({
    place: placeOf(entry),
    text: entryText(entry),
    versions: 1,
    deleted: false,
  });
  const readText = async (reader: AuditReader, taskId: string) =>
    (await reader.read(taskId)).map(({ text }) => text).sort();

  describe('record', () => {
    it('I7: stores one entry before and one after a call, unchanged', async () => {
      const { trail, reader } = await open();
      const before = sampleEntry();
      const after = { ...before, phase: 'after', at: NOW + 5, outcome: 'error' } as const;
      await trail.record(before);
      await trail.record(after);
      const kept = [...(await reader.read(before.taskId))].sort((a, b) => b.place.phase.localeCompare(a.place.phase));
      expect(kept).toEqual([keptOf(before), keptOf(after)]);
    });

    it('I7: accepts the same entry again and changes nothing', async () => {
      const { trail, reader } = await open();
      const first = sampleEntry();
      await trail.record(first);
      await trail.record(first);
      await trail.record({ ...first, tool: 'forged', contentDigest: 'cd'.repeat(32) });
      expect(await reader.read(first.taskId)).toEqual([keptOf(first)]);
    });

    it('separates epochs, steps, and tasks that had the same id', async () => {
      const { trail, reader } = await open();
      const first = sampleEntry();
      const entries = [{}, { epoch: 2 }, { step: 2 }, { createdAt: NOW }].map((change) => ({ ...first, ...change }));
      for (const entry of entries) await trail.record(entry);
      expect(await readText(reader, first.taskId)).toEqual(entries.map(entryText).sort());
    });

    it('accepts the same entry from two writers at once', async () => {
      const { trail, reader } = await open();
      const first = sampleEntry();
      await Promise.all([trail.record(first), trail.record(first), trail.record(first)]);
      expect(await reader.read(first.taskId)).toEqual([keptOf(first)]);
    });
  });

  describe('reading', () => {
    it('reads a bounded number of entries, or none', async () => {
      const { trail, reader } = await open();
      const one = sampleEntry();
      for (const entry of [one, { ...one, step: 2 }]) await trail.record(entry);
      expect(await reader.readAtMost(one.taskId, 2)).toHaveLength(2);
      expect(await reader.readAtMost(one.taskId, 1)).toBeNull();
    });

    it('finds each task once, and nothing of a task whose id has the same prefix', async () => {
      const { trail, reader } = await open();
      const one = sampleEntry();
      const other = sampleEntry({ taskId: `${one.taskId}0` });
      for (const entry of [one, { ...one, step: 2 }, other]) await trail.record(entry);
      expect((await collect(reader.tasks())).filter((id) => id.startsWith(one.taskId)).sort()).toEqual([
        one.taskId,
        other.taskId,
      ]);
      expect(await reader.read(one.taskId)).toHaveLength(2);
    });

    it('has no entries for a task without tool calls', async () => {
      const { reader } = await open();
      expect(await reader.read(freshId())).toEqual([]);
    });
  });
}
