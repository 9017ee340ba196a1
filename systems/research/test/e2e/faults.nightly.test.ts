import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { SCOUT } from '../../agents/names.ts';
import { startNightFleet, type NightFleet } from './night-fleet.ts';

/**
 * A night in which much goes wrong: dead sites, sites that ask to wait, a model that throttles, two kills of all workers.
 * The first calls of the model are all refused, so a night before it ends with nothing read.
 */

const COMPANIES = 20;
/** Refused calls of the model: more than an agent makes in the 25 seconds of the first run, fewer than in both. */
const REFUSED = 24;
/** All workers share the permits of the SEC's hosts, so several requests may be under way there. */
const SHARED_HOSTS = new Set(['data.sec.test', 'www.sec.test']);
const MAX_SHARED = 10;

let nights: NightFleet;
beforeAll(async () => {
  nights = await startNightFleet({
    web: { companies: COMPANIES, faults: { share: 0.2, kinds: ['rate-limit', 'unavailable'], dead: 0.05 } },
    claude: {
      latency: { kind: 'fixed', ms: 400 },
      faults: { script: Array.from({ length: REFUSED }, () => '429'), retryAfterSeconds: 2 },
    },
  });
});
afterAll(() => nights[Symbol.asyncDispose]());

const tasksOf = async (id: string) =>
  taskPageSchema.parse((await nights.call(`GET /tasks?runId=${id}&limit=100`)).body).tasks;

/** The step of each call that the model answered, such as `company-analyst-0123/0`. */
const answered = (): string[] => {
  const lines = readFileSync(join(nights.fleet.home, 'claude-ledger.jsonl'), 'utf8').trim().split('\n');
  return lines.filter(Boolean).map((line) => (JSON.parse(line) as { stepId: string }).stepId);
};

/** Kills all workers when no message waits for a worker that starts. Returns the tasks that had finished, and how many ran. */
async function killAt(id: string, due: (tasks: Awaited<ReturnType<typeof tasksOf>>) => boolean) {
  const tasks = await vi.waitFor(
    async () => {
      const found = await tasksOf(id);
      const scouts = found.filter(({ agent }) => agent === SCOUT.name);
      const passed = scouts.filter(({ status }) => status === 'succeeded').length;
      expect([scouts.length, found.length - scouts.length]).toEqual([COMPANIES, passed]);
      expect(due(found)).toBe(true);
      return found;
    },
    { timeout: 120_000, interval: 50 },
  );
  await nights.fleet.cloud.crashWorkers();
  const having = (wanted: string) => tasks.filter(({ status }) => status === wanted).map((task) => task.id);
  return { finished: having('succeeded'), running: having('running').length };
}

/** Hosts that sent more pages twice than may have been on their way when workers were killed. */
function askedTooOften(kills: number): string[] {
  const sent = nights.web.requests().filter(({ status }) => status === 200 || status === 304);
  const pages = Map.groupBy(sent, ({ host, path }) => `${host} ${path}`);
  const twice = [...pages.values()].filter(({ length }) => length > 1).flatMap(([first]) => first?.host ?? []);
  return [...new Set(twice)].filter((host) => {
    const most = kills * (SHARED_HOSTS.has(host) ? MAX_SHARED : 1);
    return twice.filter((each) => each === host).length > most;
  });
}

const hostsAsked = (): number => new Set(nights.web.requests().map(({ host }) => host)).size;

describe('a night under faults', () => {
  it('ends at its deadline with a brief that says what is missing, although no stage can finish', async () => {
    const items = nights.items(0).slice(0, 3);
    const deadline = new Date(Date.now() + 25_000).toISOString();
    const id = await nights.start({ items, group: 'throttled', deadline });
    expect(await nights.ended(id)).toMatchObject({ late: false, problem: null });
    expect(answered()).toEqual([]);
    const { companies, totals, late } = await nights.brief(id);
    expect(late).toBe(false);
    expect(totals).toMatchObject({ companies: 3, succeeded: 0, failed: 3, claims: 0 });
    // Never that nothing happened: nobody read them, or they were not reached.
    for (const { state, reason } of companies) {
      expect(['unchecked', 'not-reached']).toContain(state);
      expect(reason).toMatch(/deadline|wait/);
    }
    expect(await nights.read(`runs/${id}/brief/brief.txt`)).toContain('3 of 3');
  });

  it('I3: has a row for every company, on time, fetches no page twice and repeats no finished call', async () => {
    const before = answered().length;
    const refused = (await nights.fleet.claude.stats()).throttled;
    nights.web.forgetRequests();
    const deadline = new Date(Date.now() + 200_000).toISOString();
    const id = await nights.start({ items: nights.items(0), group: 'faults', deadline });
    const kills = [
      await killAt(id, () => hostsAsked() >= COMPANIES * 0.3),
      await killAt(id, () => answered().length >= before + 4),
    ];
    expect(await nights.ended(id)).toMatchObject({ late: false, problem: null });
    // The night was throttled, by the model and by sites, and one site is dead.
    expect((await nights.fleet.claude.stats()).throttled).toBeGreaterThan(refused);
    expect(new Set(nights.web.requests().map(({ status }) => (status === 404 ? 200 : status)))).toEqual(
      new Set([0, 200, 429, 503]),
    );
    const { companies, totals } = await nights.brief(id);
    expect(companies.map((company) => company.id).toSorted()).toEqual(
      nights
        .items(0)
        .map((item) => item.id)
        .toSorted(),
    );
    expect(totals).toMatchObject({ companies: COMPANIES, succeeded: COMPANIES, citationsThatFail: 0 });
    expect(askedTooOften(kills.length)).toEqual([]);
    const calls = answered();
    const inFlight = kills.reduce((sum, { running }) => sum + running, 0);
    expect(calls.length - new Set(calls).size).toBeLessThanOrEqual(inFlight);
    for (const task of kills.flatMap(({ finished }) => finished))
      expect(calls.filter((step) => step.startsWith(`${task}/`)).length).toBeLessThanOrEqual(1);
  });
});
