import { describe, expect, it } from 'vitest';
import type { AuditEntry, AuditTrail } from '../../core/ports/audit-trail.ts';
import { freshId, NOW } from './samples.ts';

/** A trail and a way to read what is in it of one task, in any order. */
export interface AuditTrailUnderTest {
  readonly trail: AuditTrail;
  readonly read: (taskId: string) => Promise<readonly AuditEntry[]>;
}

/** What every audit trail must do. */
export function auditTrailContract(open: () => Promise<AuditTrailUnderTest>): void {
  const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
    taskId: freshId(),
    step: 1,
    epoch: 1,
    agent: 'support',
    tool: 'refund',
    phase: 'before',
    at: NOW,
    contentDigest: 'ab'.repeat(32),
    ...change,
  });

  describe('record', () => {
    it('I7: keeps an entry for before and one for after', async () => {
      const { trail, read } = await open();
      const before = entry();
      const after = { ...before, phase: 'after', at: NOW + 5, outcome: 'error' } as const;
      await trail.record(before);
      await trail.record(after);
      const entries = [...(await read(before.taskId))].sort((a, b) => a.at - b.at);
      expect(entries).toEqual([before, after]);
    });

    it('I7: takes an entry again and changes nothing', async () => {
      const { trail, read } = await open();
      const first = entry();
      await trail.record(first);
      await trail.record(first);
      await trail.record({ ...first, tool: 'forged', contentDigest: 'cd'.repeat(32) });
      expect(await read(first.taskId)).toEqual([first]);
    });

    it('keeps epochs and steps apart', async () => {
      const { trail, read } = await open();
      const first = entry();
      for (const change of [{}, { epoch: 2 }, { step: 2 }]) await trail.record({ ...first, ...change });
      expect(await read(first.taskId)).toHaveLength(3);
    });

    it('takes the same entry from two writers at once', async () => {
      const { trail, read } = await open();
      const first = entry();
      await Promise.all([trail.record(first), trail.record(first), trail.record(first)]);
      expect(await read(first.taskId)).toEqual([first]);
    });
  });
}
