import { describe, expect, it } from 'vitest';
import type { SessionStore } from '#core/ports/session-store.ts';
import { enter, leave } from '#core/sessions/rules.ts';
import { DEFAULT_SESSION_POLICY, newSession, type Session } from '#core/sessions/session.ts';
import { freshId } from './samples.ts';

const NOW = 1_763_900_000_000;

function entered(id: string = freshId('session')): Session {
  return enter(newSession('acme', id, DEFAULT_SESSION_POLICY), freshId(), NOW).session;
}

/** The contract of every session store. */
export function sessionStoreContract(open: () => SessionStore): void {
  describe('sessions', () => {
    it('are created if they do not exist, and read back unchanged', async () => {
      const store = open();
      const first = entered();
      expect(await store.get('acme', first.id)).toBeNull();
      expect(await store.write(first)).toBe('written');
      expect(await store.get('acme', first.id)).toEqual(first);
      expect(await store.write(first)).toBe('conflict');
    });

    it('are created once: whoever comes later gets the one that is stored, with what has happened since', async () => {
      const store = open();
      const first = entered();
      const late = entered(first.id);
      expect(await store.create(first)).toBeNull();
      expect(await store.create(late)).toEqual(first);
      const next = leave(first, first.waiting[0] ?? freshId(), null, NOW + 1).session;
      await store.write(next);
      expect(await store.create(late)).toEqual(next);
      expect(await store.get('acme', first.id)).toEqual(next);
      expect(await store.create({ ...late, tenant: 'other' })).toBeNull();
    });

    it('let exactly one of several creators win', async () => {
      const store = open();
      const rivals = Array.from({ length: 10 }, () => entered('crowded'));
      const stored = await Promise.all(rivals.map((rival) => store.create(rival)));
      const winner = rivals[stored.indexOf(null)];
      expect(stored.filter((one) => one === null)).toHaveLength(1);
      expect(stored.filter((one) => one !== null)).toEqual(Array.from({ length: 9 }, () => winner));
    });

    it('change only from the version that was read, with their turns', async () => {
      const store = open();
      const first = entered();
      await store.write(first);
      const turn = { user: 'Wo ist meine Bestellung?', assistant: 'In Köln.', tokens: 12 };
      const next = leave(first, first.waiting[0] ?? freshId(), turn, NOW + 1).session;
      expect(await store.write(next)).toBe('written');
      expect(await store.write({ ...next, turns: [] })).toBe('conflict');
      expect(await store.get('acme', first.id)).toEqual(next);
    });

    it('I8: are separate per tenant', async () => {
      const store = open();
      const first = entered();
      await store.write(first);
      expect(await store.get('other', first.id)).toBeNull();
      expect(await store.write({ ...first, tenant: 'other' })).toBe('written');
    });

    it('let exactly one of several writers win', async () => {
      const store = open();
      const first = entered();
      await store.write(first);
      const nexts = Array.from({ length: 10 }, () => enter(first, freshId(), NOW).session);
      const outcomes = await Promise.all(nexts.map((next) => store.write(next)));
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect(await store.get('acme', first.id)).toEqual(nexts[outcomes.indexOf('written')]);
    });

    it('are not recreated by a late write', async () => {
      const store = open();
      const ghost = { ...entered(), version: 2 };
      expect(await store.write(ghost)).toBe('conflict');
      expect(await store.get('acme', ghost.id)).toBeNull();
    });

    it('can hold 1,000 waiting tasks', async () => {
      const store = open();
      const crowded = { ...entered(), waiting: Array.from({ length: 1_000 }, () => freshId()) };
      expect(await store.write(crowded)).toBe('written');
      expect((await store.get('acme', crowded.id))?.waiting).toHaveLength(1_000);
    });
  });
}
