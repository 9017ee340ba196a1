import type { LoggedRequest } from '@agent-fleet/simulated-web';
import type { TaskPage } from '#core/api/tasks/messages.ts';
import { ANALYST, SCOUT, STRATEGIST } from '../../agents/names.ts';

/** The simulated model: 800 ms until the first token, 15 ms for each. */
export const LATENCY = { kind: 'by-tokens', msFirstToken: 800, msPerOutputToken: 15, spread: 0, seed: 1 } as const;

/** Workers of a stage. */
const AT_ONCE = 50;
/** Between two requests to a company's site, in seconds. */
const SITE_DELAY = 1;
/** Between two requests to the SEC, by all workers together, in seconds. */
const SEC_DELAY = 0.2;
const SEC_HOSTS = new Set(['data.sec.test', 'www.sec.test']);

/** Seconds that tasks must wait, whatever the fleet does. */
export interface Waits {
  /** Of all scouts, for their own site. */
  readonly sites: number;
  /** Of all requests to the SEC, which go one after the other. */
  readonly sec: number;
  /** Of all analysts and all strategists, for the model. */
  readonly analysts: number;
  readonly strategists: number;
  /** Of one company: the longest. */
  readonly slowest: { readonly site: number; readonly analyst: number; readonly strategist: number };
  readonly modelCalls: number;
}

/** Sums up what tasks and requests had to wait for. */
export function waitsOf(tasks: readonly TaskPage['tasks'][number][], requests: readonly LoggedRequest[]): Waits {
  const ofModel = (agent: string): number[] =>
    tasks
      .filter((task) => task.agent === agent)
      .map(({ steps, usage }) => (steps * LATENCY.msFirstToken + usage.output * LATENCY.msPerOutputToken) / 1_000);
  const [analysts, strategists] = [ofModel(ANALYST.name), ofModel(STRATEGIST.name)];
  const perSite = [...countBy(requests.filter(({ host }) => !SEC_HOSTS.has(host)))].map(
    ([, count]) => (count - 1) * SITE_DELAY,
  );
  return {
    sites: sum(perSite),
    sec: requests.filter(({ host }) => SEC_HOSTS.has(host)).length * SEC_DELAY,
    analysts: sum(analysts),
    strategists: sum(strategists),
    slowest: { site: most(perSite), analyst: most(analysts), strategist: most(strategists) },
    modelCalls: tasks.filter(({ agent }) => agent !== SCOUT.name).reduce((total, { steps }) => total + steps, 0),
  };
}

/**
 * The least that a night can take: the slowest stage's waits, shared by its workers, and one company's waits in the other
 * stages. The SEC's limit is for all workers together, so no number of them shares it.
 */
export function idealSeconds({ sites, sec, analysts, strategists, slowest }: Waits): number {
  const stages = [
    { shared: Math.max(sites / AT_ONCE, sec), one: slowest.site },
    { shared: analysts / AT_ONCE, one: slowest.analyst },
    { shared: strategists / AT_ONCE, one: slowest.strategist },
  ].toSorted((a, b) => b.shared - a.shared);
  const [first, ...others] = stages;
  return Math.max(first?.shared ?? 0, first?.one ?? 0) + sum(others.map(({ one }) => one));
}

function countBy(requests: readonly LoggedRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { host } of requests) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const most = (values: readonly number[]): number => Math.max(0, ...values);
