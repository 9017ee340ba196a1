import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryHash, entryText, genesis, type AuditEntry } from '#core/audit/entry.ts';
import { verifyTrail, type KnownTask } from '#core/audit/verify.ts';
import type { KeptEntry } from '#core/ports/audit-reader.ts';
import { calls, digest, ids, keptAt, trailOf, type Trail } from './histories.ts';

const verify = (trail: Trail, kept: readonly KeptEntry[], task?: KnownTask | null) =>
  verifyTrail(ids, { ...trail, kept, task: task === undefined ? { head: trail.head, ended: true } : task });

const keptOf = ({ chain, uncounted }: Trail): KeptEntry[] => [...chain, ...uncounted].map((entry) => keptAt(entry));

/** Values that someone may write into a field so that the entry can still be parsed. */
const CHANGES: readonly ((entry: AuditEntry) => AuditEntry)[] = [
  (entry) => ({ ...entry, agent: 'another' }),
  (entry) => ({ ...entry, tool: 'another' }),
  (entry) => ({ ...entry, at: entry.at + 1 }),
  (entry) => ({ ...entry, contentDigest: digest('another') }),
  (entry) => ({ ...entry, outcome: entry.outcome === 'ok' ? 'error' : 'ok' }),
  (entry) => ({ ...entry, previous: digest('another') }),
];

const trailAndPlace = calls.chain((made) => {
  const trail = trailOf(made);
  return fc.record({ trail: fc.constant(trail), at: fc.nat(trail.chain.length - 1) });
});

describe('I7: an intact trail', () => {
  it('is intact, with every call counted and the outcomes of dead epochs separate', () => {
    fc.assert(
      fc.property(calls, fc.boolean(), (made, backwards) => {
        const trail = trailOf(made);
        const kept = backwards ? keptOf(trail).toReversed() : keptOf(trail);
        const verdict = verify(trail, kept);
        expect(verdict).toMatchObject({ whole: true, findings: [], announced: null, headKnown: true });
        expect(verdict.chain).toEqual(trail.chain);
        expect(verdict.uncounted).toEqual(trail.uncounted);
      }),
    );
  });

  it('is intact while the task runs, and without the task', () => {
    fc.assert(
      fc.property(trailAndPlace, ({ trail, at }) => {
        const head = { hash: entryHash(ids, trail.chain[at] as AuditEntry) };
        expect(verify(trail, keptOf(trail), { head, ended: false }).whole).toBe(true);
        expect(verify(trail, keptOf(trail), null)).toMatchObject({ whole: true, headKnown: false });
      }),
    );
  });

  it('is empty for a task that called no tool', () => {
    const trail = trailOf([]);
    expect(verify(trail, [])).toMatchObject({ whole: true, chain: [] });
  });

  it('reports a call that was announced but never recorded', () => {
    const trail = trailOf([{ died: [], error: false }]);
    const next = { ...(trail.chain[0] as AuditEntry), step: 9, epoch: 2, previous: trail.head?.hash ?? '' };
    const head = { hash: entryHash(ids, next), announced: next };
    expect(verify(trail, keptOf(trail), { head, ended: true })).toMatchObject({ whole: true, announced: next });
    expect(verify(trail, keptOf(trail).slice(0, 1), { head, ended: true }).whole).toBe(false);
  });

  it('may end with an outcome that arrived too late to count', () => {
    const trail = trailOf([{ died: [], error: false }]);
    const [before, after] = trail.chain as [AuditEntry, AuditEntry];
    const head = { hash: entryHash(ids, before) };
    const verdict = verify(trail, keptOf(trail), { head, ended: true });
    expect(verdict).toMatchObject({ whole: true, chain: [before], uncounted: [after] });
  });
});

describe('I7: the verifier detects', () => {
  it('a changed entry', () => {
    fc.assert(
      fc.property(trailAndPlace, fc.constantFrom(...CHANGES), ({ trail, at }, change) => {
        const kept = keptOf(trail).with(at, keptAt(change(trail.chain[at] as AuditEntry)));
        expect(verify(trail, kept).whole).toBe(false);
      }),
    );
  });

  it('changed bytes, even with the same meaning', () => {
    fc.assert(
      fc.property(trailAndPlace, fc.nat(), fc.constantFrom('', ' ', 'x', '"'), ({ trail, at }, where, by) => {
        const entry = trail.chain[at] as AuditEntry;
        const text = entryText(entry);
        const cut = where % text.length;
        const changed = text.slice(0, cut) + by + text.slice(cut + 1);
        fc.pre(changed !== text);
        expect(verify(trail, keptOf(trail).with(at, keptAt(entry, { text: changed }))).whole).toBe(false);
      }),
    );
  });

  it('a removed entry', () => {
    fc.assert(
      fc.property(trailAndPlace, ({ trail, at }) => {
        expect(verify(trail, keptOf(trail).toSpliced(at, 1)).whole).toBe(false);
      }),
    );
  });

  it('a truncated or missing trail', () => {
    fc.assert(
      fc.property(trailAndPlace, ({ trail, at }) => {
        expect(verify(trail, keptOf({ ...trail, chain: trail.chain.slice(0, at) })).whole).toBe(false);
      }),
    );
  });

  it('two swapped entries', () => {
    fc.assert(
      fc.property(trailAndPlace, fc.nat(), ({ trail, at }, by) => {
        const other = (at + 1 + (by % (trail.chain.length - 1))) % trail.chain.length;
        const [one, two] = [trail.chain[at], trail.chain[other]] as [AuditEntry, AuditEntry];
        const swapped = keptOf(trail)
          .with(at, keptAt(one, { text: entryText(two) }))
          .with(other, keptAt(two, { text: entryText(one) }));
        expect(verify(trail, swapped).findings.slice(0, 2)).toMatchObject([
          { fault: 'misplaced' },
          { fault: 'misplaced' },
        ]);
      }),
    );
  });

  it('an inserted call, even one that names the right previous entry', () => {
    fc.assert(
      fc.property(trailAndPlace, fc.nat({ max: 2 }), fc.boolean(), ({ trail, at }, gap, sameStep) => {
        const near = trail.chain[at] as AuditEntry;
        const epoch = near.epoch + 100;
        for (const previous of [genesis(ids, trail.taskId, 7), ...trail.chain.map((each) => entryHash(ids, each))]) {
          const step = sameStep ? near.step : near.step + gap;
          const forged: AuditEntry = { ...near, step, epoch, phase: 'before', previous };
          expect(verify(trail, [...keptOf(trail), keptAt(forged)]).whole).toBe(false);
        }
      }),
    );
  });

  it('another task’s entries under this task’s id, or those of an earlier task with the same id', () => {
    const trail = trailOf([{ died: [], error: false }]);
    const others = [
      trailOf([{ died: [], error: true }], 'support-2'),
      trailOf([{ died: [], error: true }], 'support-1', 8),
    ];
    for (const other of others) expect(verify(trail, keptOf(other)).whole).toBe(false);
  });

  it('an overwritten or deleted entry whose first version still exists', () => {
    const trail = trailOf([{ died: [], error: false }]);
    const [before] = trail.chain as [AuditEntry];
    for (const [change, fault] of [
      [{ versions: 2 }, 'replaced'],
      [{ deleted: true }, 'deleted'],
      [{ text: '{}' }, 'unreadable'],
    ] as const) {
      const { findings } = verify(trail, keptOf(trail).with(0, keptAt(before, change)));
      expect(findings[0]).toMatchObject({ fault, place: { step: 1, epoch: 1, phase: 'before' } });
    }
  });
});
