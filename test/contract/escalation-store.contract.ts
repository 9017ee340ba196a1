import { describe, expect, it } from 'vitest';
import type { Escalation } from '#core/escalations/escalation.ts';
import type { EscalationListing, EscalationStore } from '#core/ports/escalation-store.ts';
import { collect, freshId, NOW, sampleEscalation } from './samples.ts';

const answered = (escalation: Escalation): Escalation => ({
  ...escalation,
  version: escalation.version + 1,
  state: { status: 'answered', by: 'ada', at: NOW, reply: 'Done.', key: 'key' },
});

/** The contract of every store of escalations. */
export function escalationStoreContract(open: () => EscalationStore): void {
  describe('escalations', () => {
    it('are created once, and read back unchanged', async () => {
      const store = open();
      const escalation = sampleEscalation();
      expect(await store.get(escalation.id)).toBeNull();
      expect(await store.create(escalation)).toBe('created');
      expect(await store.create({ ...escalation, reason: 'other' })).toBe('exists');
      expect(await store.get(escalation.id)).toEqual(escalation);
    });

    it('are replaced only from the version that the decision was based on', async () => {
      const store = open();
      const escalation = sampleEscalation();
      await store.create(escalation);
      const next = answered(escalation);
      expect(await store.replace(next)).toBe('replaced');
      expect(await store.replace({ ...next, reason: 'other' })).toBe('conflict');
      expect(await store.replace(answered(sampleEscalation()))).toBe('conflict');
      expect(await store.get(escalation.id)).toEqual(next);
    });

    it('I8: are listed by tenant, oldest first, page by page', async () => {
      const store = open();
      const tenant = freshId('tenant');
      const made = [2, 0, 1].map((at) => sampleEscalation({ tenant, createdAt: NOW + at }));
      for (const escalation of [...made, sampleEscalation()]) await store.create(escalation);
      const ids = async (part: Partial<EscalationListing> = {}) =>
        (await collect(store.list({ tenant, status: 'waiting', ...part }))).map(({ id }) => id);
      const [last, first, middle] = made.map(({ id }) => id);
      expect(await ids()).toEqual([first, middle, last]);
      const [, from] = made;
      expect(await ids({ after: from })).toEqual([middle, last]);
    });

    it('that are answered are in the other list', async () => {
      const store = open();
      const tenant = freshId('tenant');
      const escalation = sampleEscalation({ tenant });
      await store.create(escalation);
      await store.replace(answered(escalation));
      expect(await collect(store.list({ tenant, status: 'waiting' }))).toEqual([]);
      expect(await collect(store.list({ tenant, status: 'answered' }))).toEqual([answered(escalation)]);
    });
  });
}
