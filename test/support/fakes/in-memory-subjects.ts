import type { SetAsideStore } from '#core/ports/set-aside-store.ts';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import { sweepAt } from '#core/streams/outbox.ts';
import type { SubjectItem } from '#core/streams/subject-item.ts';

/** Subjects in memory, as JSON. `failing` names an operation that fails next. */
export function inMemorySubjects() {
  const items = new Map<string, string>();
  const seen = new Set<string>();
  const calls: string[] = [];
  const fake = { failing: null as string | null, items, seen, calls, read, store: {} as SubjectStore };
  function read(subject: string): SubjectItem | null {
    const json = items.get(subject);
    return json === undefined ? null : (JSON.parse(json) as SubjectItem);
  }
  const call = (op: string): void => {
    calls.push(op);
    if (fake.failing === null || !op.startsWith(fake.failing)) return;
    fake.failing = null;
    throw new Error(`${op} fails`);
  };
  fake.store = {
    async getMany(subjects) {
      call(`read ${subjects.join(' ')}`);
      return new Map(subjects.flatMap((subject) => [[subject, read(subject)] as const].filter(isThere)));
    },
    async write(subject, item) {
      call(`write ${subject} v${item.version}`);
      if ((read(subject)?.version ?? 0) !== item.version - 1) return 'refused';
      items.set(subject, JSON.stringify(item));
      return 'written';
    },
    async spill(subject, ids) {
      call(`spill ${subject}`);
      for (const [source, id] of ids) seen.add(JSON.stringify([subject, source, id]));
    },
    async spilled(subject, names) {
      call(`spilled ${subject}`);
      return names.filter(([source, id]) => seen.has(JSON.stringify([subject, source, id])));
    },
    async *waiting(dueBy) {
      call('waiting');
      for (const subject of items.keys())
        if ((sweepAt(read(subject) as SubjectItem) ?? Infinity) <= dueBy) yield subject;
    },
  };
  return fake;
}

const isThere = (entry: readonly [string, SubjectItem | null]): entry is readonly [string, SubjectItem] =>
  entry[1] !== null;

/** What was set aside, in memory. */
export function inMemorySetAside() {
  const records: { readonly id: string; readonly reason: string }[] = [];
  const effects: string[] = [];
  const fake = { fails: false, records, effects, store: {} as SetAsideStore };
  fake.store = {
    async putRecords(rejected) {
      if (fake.fails) throw new Error('The bucket fails.');
      records.push(...rejected.map(({ record, reason }) => ({ id: record.position, reason })));
    },
    async putEffects(failed) {
      if (fake.fails) throw new Error('The bucket fails.');
      effects.push(...failed.map(({ effect }) => effect.id));
    },
  };
  return fake;
}
