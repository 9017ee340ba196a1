import { simulateMarket } from '@agent-fleet/simulated-market';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { Router } from '#core/streams/route.ts';
import type { Numbers } from '#core/streams/numbers.ts';
import type { SubjectItem } from '#core/streams/subject-item.ts';
import { stateTable } from '#test/contract/local-services.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { accountOf } from '../../cli/market/account.ts';
import { countOf, sentBy } from '../../cli/market/sent.ts';
import { stateSchema } from '../../instruments/state.ts';
import { watchersOf } from '../../portfolios/watched.ts';
import { marketRouter } from '../../router/apply.ts';

/** A part of a day: all records of some instruments, with every fault. */
const { session, instruments, ...market } = simulateMarket({ seed: 3, events: 1_000, faults: { future: 0 } });
const some = new Set(instruments.slice(0, 8).map(({ subject }) => subject));
const day = [...market.records()].filter(({ key }) => some.has(key));
const sent = sentBy(day);
/** Its first bars are numbered, so they have an order to lose. */
const [subject = ''] = [...sent].find(([, { bars }]) => bars.size > 20) ?? [];

const at = stateTable();
const store = () => dynamodbSubjectStore({ router: 'market', ...at() });

/** The market monitor's router handles records. It decides as it does in the cloud, and notifies nobody. */
async function route(all: readonly { readonly key: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const app = { ...marketRouter, prepare: async () => watchersOf([]), perform: async () => undefined };
  const now = session.close + 86_400_000;
  const ports = { app, subjects: store(), clock: manualClock(now), report: () => undefined, memoryMs: 1e9 };
  const router = new Router({
    ...ports,
    setAside: { putRecords: async () => undefined, putEffects: async () => undefined },
  });
  for (let from = 0; from < all.length; from += 200) {
    const batch = all.slice(from, from + 200).map(({ bytes, key }, index) => ({
      stream: 's',
      partition: 'p',
      position: String(from + index),
      key,
      bytes,
      arrivedAt: now,
    }));
    expect((await router.route(batch, () => 60_000)).summary.failed).toBe(0);
  }
}

type Wrong = (item: SubjectItem) => Partial<SubjectItem>;

/** The account of a world in which something went wrong, which is then mended. */
async function accountWith(wrong: Wrong) {
  const item = (await store().getMany([subject])).get(subject);
  if (item === undefined) throw new Error('The router does not know the subject.');
  await store().write(subject, { ...item, ...wrong(item), version: item.version + 1 });
  const account = await accountOf(at(), sent);
  await store().write(subject, { ...item, version: item.version + 2 });
  return account;
}

const barsOf = ({ state }: SubjectItem) => stateSchema.parse(state).recent ?? [];
const withBars = (item: SubjectItem, recent: ReturnType<typeof barsOf>): Partial<SubjectItem> => ({
  state: { ...stateSchema.parse(item.state), recent },
});
const withNumbers = ({ sources }: SubjectItem, change: (numbers: Numbers) => Numbers): Partial<SubjectItem> => ({
  sources: sources.map((each) => ({ ...each, numbers: each.numbers.last ? change(each.numbers) : each.numbers })),
});

describe('the account of a day', () => {
  const remembered = countOf(sent);
  beforeAll(() => route(day));

  it('finds nothing wrong with the router, duplicates, late events and broken ones included', async () => {
    expect(remembered).toBeGreaterThan(500);
    expect(await accountOf(at(), sent)).toEqual({ lost: 0, outOfOrder: 0, remembered });
  });

  it.each<[string, Wrong]>([
    ['an event without a number', ({ ids }) => ({ ids: ids.slice(1) })],
    [
      'a number in the middle',
      (item) => withNumbers(item, ({ gaps, ...rest }) => ({ ...rest, gaps: [...gaps, ['4', '4']] })),
    ],
    [
      'the last number',
      (item) => withNumbers(item, ({ last, ...rest }) => ({ ...rest, last: String(Number(last) - 1) })),
    ],
  ])('finds that %s was not handled', async (_, wrong) => {
    expect(await accountWith(wrong)).toEqual({ lost: 1, outOfOrder: 0, remembered: remembered - 1 });
  });

  it.each<[string, Wrong]>([
    ['an older bar is the newest that it remembers', (item) => withBars(item, barsOf(item).slice(0, -1))],
    ['bars stand in another order', (item) => withBars(item, [...barsOf(item)].toReversed())],
    [
      'a bar has a revision that a newer one replaced',
      (item) =>
        withBars(
          item,
          barsOf(item).map((bar) => ({ ...bar, r: bar.r - 1 })),
        ),
    ],
  ])('sees that %s', async (_, wrong) => {
    expect(await accountWith(wrong)).toEqual({ lost: 0, outOfOrder: 1, remembered });
  });
});
