import { loadavg } from 'node:os';
import { simulateMarket } from '@agent-fleet/simulated-market';
import { z } from 'zod';
import type { CliSystem } from '#cli/system.ts';
import type { Output } from '#cli/terminal/output.ts';
import { numberOption, wholeOption } from '#cli/whole-option.ts';
import { percentile } from '../../../../bench/percentile.ts';
import { processorTime, since } from '../../../../bench/processor-time.ts';
import { accountOf } from '../../cli/market/account.ts';
import { holdingsForJudge } from '../../cli/market/demo-portfolios.ts';
import { resultOf } from '../../cli/market/demo-result.ts';
import { heldBackIn } from '../../cli/market/held-back.ts';
import { alertLatencies, analysisLatencies } from '../../cli/market/latency.ts';
import { withOwnFleet } from '../../cli/market/own-fleet.ts';
import { countOf, sentBy } from '../../cli/market/sent.ts';
import { setAsideSince } from '../../cli/market/set-aside.ts';
import { Breaks } from './breaks.ts';
import { MetricSums } from './metric-sums.ts';
import { playBursts, type BenchPlayed } from './play.ts';
import { sliceOf, truthOfSent } from './slice.ts';

/** The command-line options of `bench market`. */
export const marketBenchOptions = z.strictObject({
  events: wholeOption(1_000, 200_000),
  minutes: numberOption.positive().max(600),
  seed: wholeOption(0, 0xffff_ffff),
  faults: z.boolean().default(false),
  json: z.boolean().default(false),
});
type Options = z.infer<typeof marketBenchOptions>;

/**
 * A day of 50,000 events: 500 instruments, whose bars come within one second. More incidents than a day has. Its texts and
 * shapes are those that nobody reads who writes rules and prompts.
 */
const DAY = {
  events: 50_000,
  instruments: 500,
  urgent: 40,
  day: '2026-11-17',
  set: 'second' as const,
  faults: { future: 0 },
};

/** Plays a day, or its opening, to a fleet of its own, and measures what came of it. */
export async function benchMarket(systems: readonly CliSystem[], options: Options, notes: Output): Promise<object> {
  const { seed, events, minutes, faults } = options;
  const simulated = simulateMarket({ ...DAY, seed, events: Math.max(DAY.events, events) });
  const records = sliceOf(simulated, events);
  const sums = new MetricSums(['EventsApplied', 'StreamCpu', 'SubjectConflicts']);
  const own = systems.filter(({ name }) => name === 'market-monitor');
  const loadBefore = loadavg()[0];
  return withOwnFleet(own, { name: 'bench-market', notes, onEvent: sums.onEvent }, async ({ fleet, market }) => {
    const [before, startedAt] = [processorTime(), Date.now()];
    const portfolios = holdingsForJudge().map(({ id }) => id);
    const breaks = new Breaks(fleet);
    const onSent = (share: number): Promise<void> => breaks.sent(share);
    const played = await playBursts({ market, simulated, records, minutes, notes, ...(faults && { onSent }) });
    const cpuMs = since(before, processorTime());
    const sent = sentBy(records);
    const stats = await fleet.claude?.stats();
    const result = resultOf({
      events: countOf(sent),
      account: await accountOf(market.table, sent),
      applied: sums.of('EventsApplied'),
      modelCalls: (stats?.answered ?? 0) + (stats?.abandoned ?? 0),
      truth: truthOfSent(simulated, new Set(played.sentAt.keys())),
      played,
      heldBack: await heldBackIn(market.table, portfolios),
      setAside: (await setAsideSince(market, startedAt)).reasons,
    });
    const { alerts, modelCalls, ...counts } = result;
    return {
      ...counts,
      records: records.length,
      minutes,
      perSecond: round(records.length / (minutes * 60)),
      burst: played.burst,
      ...judged(alerts),
      ...latencies(played),
      modelCalls,
      modelCallShare: round(modelCalls / counts.events, 4),
      digestDelayS: round(Math.max(0, ...played.digestDelays)),
      routerCpuMsPerEvent: round(sums.of('StreamCpu') / counts.events, 2),
      conflicts: sums.of('SubjectConflicts'),
      ...(faults && { kills: breaks.kills, modelRefused: stats?.throttled ?? 0 }),
      cpuMs,
      cpuMsPerEvent: round((cpuMs['total'] ?? 0) / counts.events, 2),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      load: [loadBefore, loadavg()[0]].map((each) => round(each ?? 0)),
    };
  });
}

function judged({ urgent, missed, false: wrong, duplicates }: ReturnType<typeof resultOf>['alerts']) {
  return { urgent, missed, false: wrong, duplicates };
}

/** Milliseconds from the sending of an event to its urgent alert, and to its analysis. */
function latencies({ received, sentAt }: BenchPlayed) {
  const [alerts, analyses] = [alertLatencies(received, sentAt), analysisLatencies(received, sentAt)];
  return {
    alertMs: { count: alerts.length, p50: round(percentile(alerts, 0.5)), p95: round(percentile(alerts, 0.95)) },
    analysisMs: {
      count: analyses.length,
      p50: round(percentile(analyses, 0.5)),
      p95: round(percentile(analyses, 0.95)),
    },
  };
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
