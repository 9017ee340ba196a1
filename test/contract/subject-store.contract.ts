import { beforeEach, describe, expect, it } from 'vitest';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import { SWEEP_AFTER_MS } from '#core/streams/outbox.ts';
import { EMPTY, type SubjectItem, type WaitingEffect } from '#core/streams/subject-item.ts';

const T0 = Date.parse('2026-11-30T14:30:00Z');
let number = 0;

const item = (version: number, more: Partial<SubjectItem> = {}): SubjectItem => ({ ...EMPTY, version, ...more });
const effect = (since: number, more: Partial<WaitingEffect> = {}): WaitingEffect => ({
  id: 'f',
  effect: { id: 'f' },
  since,
  attempts: 0,
  ...more,
});

/** What every store of subjects does. @param make a store whose subjects may be shared with other tests */
export function subjectStoreContract(make: () => SubjectStore): void {
  let store: SubjectStore;
  let subject: string;
  beforeEach(() => {
    store = make();
    subject = `s-${(number += 1)}`;
  });
  const waiting = async (dueBy: number): Promise<string[]> =>
    (await Array.fromAsync(store.waiting(dueBy))).filter((each) => each === subject);

  describe('a write', () => {
    it('takes the version after the stored one, and of two only the first', async () => {
      const first = item(1, { state: { sum: 1 }, ids: [['news', 'a', T0]] });
      expect(await store.write(subject, item(2))).toBe('refused');
      expect(await store.write(subject, first)).toBe('written');
      expect(await store.write(subject, item(1))).toBe('refused');
      expect((await store.getMany([subject])).get(subject)).toMatchObject(first);
      expect(await store.write(subject, item(2, { state: { sum: 2 } }))).toBe('written');
      expect(await store.write(subject, item(2, { state: { sum: 3 } }))).toBe('refused');
      expect((await store.getMany([subject])).get(subject)).toMatchObject({ version: 2, state: { sum: 2 } });
    });

    it('is one of all that compete', async () => {
      const all = Array.from({ length: 8 }, (_, sum) => store.write(subject, item(1, { state: { sum } })));
      expect((await Promise.all(all)).filter((done) => done === 'written')).toHaveLength(1);
    });
  });

  it('reads many subjects at once, each once, and leaves out those without an item', async () => {
    const subjects = Array.from({ length: 120 }, (_, index) => `${subject}0${index}`);
    await Promise.all(subjects.map((each) => store.write(each, item(1))));
    const found = await store.getMany([...subjects, subjects[0] ?? '', `${subject}-none`]);
    expect([...found.keys()].toSorted()).toEqual(subjects.toSorted());
    expect(await store.getMany([])).toEqual(new Map());
  });

  it('keeps spilled ids apart by subject, source and id, however often they are written', async () => {
    for (let time = 0; time < 2; time += 1)
      await store.spill(
        subject,
        [
          ['news', 'a', T0],
          ['news', 'b', T0],
        ],
        T0 + 1_000,
      );
    const asked = [
      ['news', 'a'],
      ['bars', 'a'],
      ['news', 'c'],
      ['news', 'b'],
    ] as const;
    expect(await store.spilled(subject, asked)).toEqual([
      ['news', 'a'],
      ['news', 'b'],
    ]);
    expect(await store.spilled(`${subject}-other`, asked)).toEqual([]);
  });

  it('names a subject while an effect of it waits, from when it is due', async () => {
    await store.write(subject, item(1));
    expect(await waiting(1e15)).toEqual([]);
    await store.write(subject, item(2, { outbox: [effect(T0)] }));
    expect(await waiting(T0 + SWEEP_AFTER_MS - 1)).toEqual([]);
    expect(await waiting(T0 + SWEEP_AFTER_MS)).toEqual([subject]);
    await store.write(subject, item(3, { outbox: [effect(T0, { attempts: 1, notBefore: T0 + 200_000 })] }));
    expect(await waiting(T0 + 199_999)).toEqual([]);
    expect(await waiting(T0 + 200_000)).toEqual([subject]);
    await store.write(subject, item(4));
    expect(await waiting(T0 + 10_000_000)).toEqual([]);
  });
}
