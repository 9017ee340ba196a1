import type { MarketRecord } from '@agent-fleet/simulated-market';
import { systemClock } from '#adapters/node/clock.ts';
import { Router } from '#core/streams/route.ts';
import type { SubjectItem } from '#core/streams/subject-item.ts';
import { inMemorySetAside, inMemorySubjects } from '#test/support/fakes/in-memory-subjects.ts';
import { alertId } from '../../alerts/alert.ts';
import type { PortfolioFile } from '../../portfolios/portfolio.ts';
import { prepared, watchersOf } from '../../portfolios/watched.ts';
import { marketRouter } from '../../router/apply.ts';
import type { Effect } from '../../router/effects.ts';

const MEMORY_MS = 48 * 3_600_000;

/** What a router without faults makes of records, in one process: the state of each subject, and what it handled. */
export async function expectedOf(records: readonly MarketRecord[], portfolio: PortfolioFile) {
  const watchers = watchersOf([prepared(portfolio, { version: 1, asOf: portfolio.asOf ?? '' }).portfolio]);
  const [subjects, setAside] = [inMemorySubjects(), inMemorySetAside()];
  const urgent = new Set<string>();
  const perform = async (_subject: string, effects: readonly Effect[]): Promise<void> => {
    for (const effect of effects)
      if (effect.kind === 'match' && effect.match.severity === 'urgent') urgent.add(alertId(effect.match));
  };
  const router = new Router({
    app: { ...marketRouter, prepare: () => Promise.resolve(watchers), perform },
    subjects: subjects.store,
    setAside: setAside.store,
    clock: systemClock(),
    report: () => undefined,
    memoryMs: MEMORY_MS,
  });
  const given = records.map(({ key, bytes }, index) => ({
    stream: 'day',
    partition: '0',
    position: String(index),
    key,
    bytes,
    arrivedAt: Date.now(),
  }));
  await router.route(given, () => Infinity);
  const items = [...subjects.items.keys()].map((subject) => [subject, subjects.read(subject) as SubjectItem] as const);
  return {
    subjects: new Map(items),
    /** Ids of the alerts that urgent matches belong to. */
    urgent: [...urgent],
    rejected: setAside.records.map(({ reason }) => reason).toSorted((one, other) => (one < other ? -1 : 1)),
  };
}

/** What an item says that was handled: numbers of each source, and ids of what has no number. */
function handledOf({ sources, ids }: SubjectItem): string[] {
  const numbered = sources.map(({ source, numbers: { last, gaps } }) => `${source} 1-${last} without ${String(gaps)}`);
  return [...numbered, ...ids.map(([source, id]) => `${source} ${id}`)].toSorted((one, other) =>
    one < other ? -1 : 1,
  );
}

type Subjects = ReadonlyMap<string, SubjectItem>;

/** Subjects of events of the stream. Those of portfolios are the router's own, in the order in which it came to them. */
const ofStream = (subjects: Subjects): (readonly [string, SubjectItem])[] =>
  [...subjects].filter(([subject]) => !subject.startsWith('portfolio:'));

/** What was handled of each subject. */
export const handledIn = (subjects: Subjects): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(ofStream(subjects).map(([subject, item]) => [subject, handledOf(item)]));

/** The state of each subject. */
export const statesIn = (subjects: Subjects): Readonly<Record<string, unknown>> =>
  Object.fromEntries(ofStream(subjects).map(([subject, { state }]) => [subject, state]));

/** How many events were handled. Numbers begin with 1, and there are no gaps but 0. */
export const handledCount = (subjects: Subjects): number =>
  ofStream(subjects)
    .flatMap(([, { sources, ids }]) => [ids.length, ...sources.map(({ numbers }) => Number(numbers.last ?? 0))])
    .reduce((sum, each) => sum + each, 0);
