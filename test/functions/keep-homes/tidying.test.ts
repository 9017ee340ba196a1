import { expect, it } from 'vitest';
import { TAKEOVER_MS } from '#core/regions/keep-homes.ts';
import { Tidying } from '#functions/keep-homes/tidying.ts';

const [EU, AP] = [1, 2];
const MINUTES_MS = 60_000;

/** What was tidied up, and what failed. */
function tidyingAt(time: { now: number }, tidy: () => Promise<void> = async () => undefined) {
  const tidied: (readonly [number, number])[] = [];
  const failures: unknown[] = [];
  const tidying = new Tidying({
    clock: { elapsed: () => time.now },
    tidy: async (home, epoch) => {
      tidied.push([home, epoch]);
      await tidy();
    },
    failed: (error) => void failures.push(error),
  });
  return { tidying, tidied, failures };
}

it('a home is tidied up every few minutes, and not in the first ones under an epoch', () => {
  const time = { now: 0 };
  const { tidying, tidied } = tidyingAt(time);
  for (; time.now < TAKEOVER_MS; time.now += 5_000) tidying.begin(EU, 16);
  expect(tidied).toEqual([]);
  for (; time.now < TAKEOVER_MS + 5 * MINUTES_MS; time.now += 5_000) tidying.begin(EU, 16);
  expect(tidied).toEqual([[EU, 16]]);
  tidying.begin(EU, 16);
  expect(tidied).toEqual([
    [EU, 16],
    [EU, 16],
  ]);
  // Another epoch begins the wait again, and another home has a time of its own.
  time.now += 10 * MINUTES_MS;
  tidying.begin(EU, 33);
  tidying.begin(AP, 18);
  expect(tidied).toHaveLength(2);
  time.now += TAKEOVER_MS;
  tidying.begin(AP, 18);
  expect(tidied.slice(2)).toEqual([[AP, 18]]);
});

it('a home whose tidying fails is tidied up again later', async () => {
  const time = { now: 0 };
  const { tidying, tidied, failures } = tidyingAt(time, () => Promise.reject(new Error('throttled')));
  for (let times = 0; times < 3; times += 1) {
    tidying.begin(EU, 16);
    time.now += 5 * MINUTES_MS;
  }
  expect(tidied).toHaveLength(2);
  await expect.poll(() => failures.length).toBe(2);
});
