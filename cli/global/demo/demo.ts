import { interruptible } from '../../interruption.ts';
import type { CliSystem } from '../../system.ts';
import { duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { UserError } from '../../user-error.ts';
import type { GlobalFleet } from '../global-fleet.ts';
import { mapReader } from '../map/read.ts';
import { mapLines } from '../map/view.ts';
import { DEMO_DATA, DEMO_LEASES } from '../paths.ts';
import { freePorts } from '../ports.ts';
import { bootGlobal } from '../up.ts';
import { Books } from './books.ts';
import { BUDGET_USD, runCallers, warmUp } from './callers.ts';
import { playFaults } from './faults.ts';
import { readAtTheEnd } from './final-reading.ts';
import { beliefsOf } from './history.ts';
import { readLedger } from './ledger.ts';
import type { DemoOptions } from './options.ts';
import { planOf, type Plan } from './plan.ts';
import { reportLines } from './report.ts';
import { verdictOf, violationsOf, type Verdict } from './verdict.ts';
import { watchRegions } from './watch.ts';

/** What one answer of the simulated model takes. */
const LATENCY_MS = 800;
const SHOW_EVERY_MS = 1_000;

/** `fleet global demo`: three regions under load, a kill, a partition, and a verdict. */
export async function demoCommand(systems: readonly CliSystem[], options: DemoOptions, output: Output): Promise<void> {
  await interruptible(async (signal) => {
    const startedAt = performance.now();
    const boot = {
      systems: systems.filter(({ name }) => name === 'assistant'),
      dataDir: DEMO_DATA,
      empty: true,
      ports: freePorts,
      latencyMs: LATENCY_MS,
      onEvent: () => undefined,
      signal,
      leaseHistory: DEMO_LEASES,
    };
    const fleet = await bootGlobal(boot, output);
    try {
      output.line(`The regions are up (${duration(performance.now() - startedAt)}).`);
      await warmUp(fleet.running);
      output.line(`Each region has done its first tasks (${duration(performance.now() - startedAt)}).`);
      const verdict = await play(fleet, options, output, signal);
      output.line(`The demo took ${duration(performance.now() - startedAt)}.\n`);
      output.line(reportLines(verdict));
      output.line(`Judge what the regions asked of leases: npm run check:history -- ${DEMO_LEASES}`);
      if (options.json) output.json(verdict);
      check(verdict);
    } finally {
      await fleet.close();
    }
  });
}

async function play(fleet: GlobalFleet, options: DemoOptions, output: Output, signal: AbortSignal): Promise<Verdict> {
  const { regions, key } = fleet.running;
  const names = regions.map(({ name }) => name);
  const plan = planOf(names, options);
  const books = new Books();
  const ending = new AbortController();
  const { watched, done } = watchRegions(() => fleet.running, ending.signal);
  const note = noter(output);
  const startedAt = performance.now();
  note(
    `${plan.tasks.length} tasks from callers near ${names.join(', ')} in ${options.seconds} s (seed ${options.seed}).`,
  );
  const ticking = setInterval(() => output.progress(progressOf(books, plan)), SHOW_EVERY_MS);
  try {
    const [faults] = await Promise.all([
      playFaults(fleet, plan, signal, note),
      runCallers(plan.tasks, { regions, key, books, signal }),
    ]);
    note(`All callers have the ends of their tasks: ${books.ended} of ${books.accepted.length}.`);
    await readAtTheEnd({ regions, key, books }, (text) => output.progress(text));
    await showMap(fleet, output);
    const { observations, lagMsP99Before, conflicts, peakMemoryMiB } = watched();
    const { losses, firstFaultAt, takeoverS, partitionTakeoverS } = faults;
    return verdictOf({
      books,
      calls: readLedger(fleet.ledger),
      losses,
      beliefs: beliefsOf(observations),
      budgetUsd: BUDGET_USD,
      firstFaultAt,
      names,
      measured: {
        lagMsP99: lagMsP99Before(firstFaultAt),
        conflicts,
        peakMemoryMiB,
        takeoverS,
        partitionTakeoverS,
        tookS: Math.round((performance.now() - startedAt) / 1_000),
      },
    });
  } finally {
    clearInterval(ticking);
    ending.abort();
    await done;
  }
}

/** Prints moments with the seconds since the load began. */
function noter(output: Output): (text: string) => void {
  const startedAt = performance.now();
  return (text) => {
    const at = ((performance.now() - startedAt) / 1_000).toFixed(1);
    output.line(`${at.padStart(6)} s  ${text}`);
  };
}

const progressOf = (books: Books, { tasks }: Plan): string =>
  `${books.entries.length} of ${tasks.length} tasks sent, ${books.accepted.length} accepted, ${books.ended} ended`;

async function showMap(fleet: GlobalFleet, output: Output): Promise<void> {
  const map = mapReader(() => fleet.running);
  try {
    output.line(`\n${mapLines(await map.read()).join('\n')}\n`);
  } finally {
    map.close();
  }
}

function check(verdict: Verdict): void {
  const violations = violationsOf(verdict);
  if (violations.length === 0) return;
  throw new UserError(
    `The demo broke a promise: ${violations.join(', ')}.`,
    `The data is in ${DEMO_DATA}. Run it again with the same --seed.`,
  );
}
