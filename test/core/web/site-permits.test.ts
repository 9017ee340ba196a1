import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mannerOf } from '#core/web/site.ts';
import { SitePermits } from '#core/web/site-permits.ts';
import { inMemoryHostPaceStore } from '../../support/fakes/in-memory-host-pace-store.ts';

const SECOND_MS = 1_000;

/** A clock whose timers all fire late: it goes on in steps, as for a process that gets no processor meanwhile. */
function stallingClock() {
  let now = 1_000_000;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    delay: (ms: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: now + ms, wake });
      }),
    async step(ms: number) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    },
  };
}

/** The times at which 60 requests of five workers start, under a clock that goes on in these steps. */
async function startsOf(site: string, steps: (step: number) => number): Promise<number[]> {
  const clock = stallingClock();
  const store = inMemoryHostPaceStore();
  let count = 0;
  const ids = { uuid: () => `r${(count += 1)}`, random: () => 0.5 };
  const starts: number[] = [];
  const send = async (permits: SitePermits): Promise<void> => {
    for (;;) {
      const asked = await permits.acquire(site, mannerOf(site, null));
      if (asked.kind === 'later') {
        await clock.delay(Math.max(1, asked.at - clock.now()));
        continue;
      }
      starts.push(clock.now());
      await permits.release(asked.permit);
      return;
    }
  };
  for (let worker = 0; worker < 5; worker += 1) {
    const permits = new SitePermits({ store, clock, ids, delay: clock.delay, leaseMs: 25_000 });
    for (let request = 0; request < 12; request += 1) void send(permits);
  }
  for (let step = 0; starts.length < 60 && step < 5_000; step += 1) await clock.step(steps(step));
  return starts;
}

/** Most starts within any second. */
const mostInASecond = (starts: readonly number[]): number =>
  Math.max(...starts.map((start) => starts.filter((other) => other >= start && other < start + SECOND_MS).length));

const gapsOf = (starts: readonly number[]): number[] => starts.slice(1).map((start, at) => start - (starts[at] ?? 0));

it.each([
  ['runs', () => 20],
  ['stalls for seconds, again and again', (step: number) => (step % 7 === 0 ? 3_700 : 20)],
  ['stalls for longer than a lease', (step: number) => (step % 11 === 0 ? 40_000 : 35)],
])(
  'H2: the SEC is asked with a pause between requests, over all workers, when the process %s',
  async (_name, steps) => {
    const starts = await startsOf('sec.gov', steps);
    expect(starts).toHaveLength(60);
    expect(Math.min(...gapsOf(starts))).toBeGreaterThanOrEqual(200);
    expect(mostInASecond(starts)).toBeLessThanOrEqual(5);
  },
);

it('H2: another site is asked once a second, also when the process stalls', async () => {
  const starts = await startsOf('example.com', (step) => (step % 7 === 0 ? 3_700 : 20));
  expect(starts).toHaveLength(60);
  expect(Math.min(...gapsOf(starts))).toBeGreaterThanOrEqual(SECOND_MS);
});

it('H1: a permit that reaches a stalled process late is asked for again, and not used if its lease is over', async () => {
  const clock = stallingClock();
  const inner = inMemoryHostPaceStore();
  let stallMs = 30_000;
  const slow = {
    ...inner,
    async replace(next: Parameters<typeof inner.replace>[0]) {
      const replaced = await inner.replace(next);
      await clock.step(stallMs);
      stallMs = 0;
      return replaced;
    },
  };
  let count = 0;
  const ids = { uuid: () => `r${(count += 1)}`, random: () => 0 };
  const options = { clock, ids, delay: clock.delay, leaseMs: 25_000 };
  const stalled = new SitePermits({ ...options, store: slow }).acquire('sec.gov', mannerOf('sec.gov', null));
  expect((await stalled).kind).toBe('go');
  const pace = await inner.read('sec.gov');
  expect(pace?.holder?.until).toBe(clock.now() + 25_000);
});
