import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { percentile } from '../percentile.ts';
import type { Order, Report } from './job.ts';
import { INSTALLED, type Peer, type Place } from './peer.ts';
import { cpuOf, memoryOf } from './processes.ts';
import { rounded } from './rounds.ts';
import { RunningPeer } from './running.ts';
import { dispatchTimes, judge, parseLedger, type LedgerCall, type Verdict } from './verdict.ts';

/** The size of the job. */
export interface Job {
  readonly tasks: number;
  readonly atOnce: number;
  readonly latencyMs: number;
}

/** What one round found about a peer. */
export interface Figures {
  /** Makespan ÷ ideal: tasks × latency ÷ tasks at once. */
  readonly ratio: number;
  /** The same job with a model of 0 ms. */
  readonly tasksPerSecond: number;
  readonly cpuMsPerTask: number;
  readonly memoryMiB: number;
  readonly dispatchP50Ms: number;
  readonly dispatchP99Ms: number;
  readonly crash: Pick<Verdict, 'lost' | 'doubled' | 'extraCalls'> & { readonly makespanS: number };
}

/** Figures, and what was wrong with the work. */
export interface Measured {
  readonly figures: Figures;
  /** Sentences: a job without a crash in which not each task had exactly one call and its own answer. */
  readonly problems: readonly string[];
}

/** Tasks before a measurement, so that connections are open and hot code is compiled. */
const WARM_UP = 300;
/** Light load: an open loop, far below what any of the peers can do. */
const LIGHT_TASKS = 200;
const LIGHT_PER_SECOND = 20;
const TIMEOUT_MS = 180_000;
/** Tasks that are still missing after this time count as lost. */
const CRASH_TIMEOUT_MS = 120_000;

/** Measures a peer once: the job, the job without latency and light load, and the job with a crash in its middle. */
export async function measurePeer(peer: Peer, job: Job, onStep: (text: string) => void): Promise<Measured> {
  const problems: string[] = [];
  const check = (what: string, verdict: Verdict): void => {
    const wrong = Object.entries(verdict).filter(([, count]) => count > 0);
    if (wrong.length > 0)
      problems.push(`${peer.name}, ${what}: ${wrong.map(([name, count]) => `${count} ${name}`).join(', ')}`);
  };
  onStep(`${job.tasks} tasks, model ${job.latencyMs} ms`);
  const full = await withPeer(peer, job, job.latencyMs, (bench) => measureJob(bench, job));
  check('with latency', full.verdict);
  onStep('model 0 ms, then light load');
  const quick = await withPeer(peer, job, 0, (bench) => measureQuick(bench, job));
  check('without latency', quick.verdict);
  check('at light load', quick.lightVerdict);
  onStep('all workers killed in the middle');
  const crash = await withPeer(peer, job, job.latencyMs, (bench) => measureCrash(bench, job));
  const { ratio, cpuMsPerTask, memoryMiB } = full;
  const { tasksPerSecond, dispatchP50Ms, dispatchP99Ms } = quick;
  return {
    figures: { ratio, tasksPerSecond, cpuMsPerTask, memoryMiB, dispatchP50Ms, dispatchP99Ms, crash },
    problems,
  };
}

interface Bench {
  readonly running: RunningPeer;
  readonly claude: SimulatedClaude;
  /** The model's calls so far. */
  readonly ledger: () => readonly LedgerCall[];
}

/** Starts the model and the peer afresh, and stops both at the end. */
async function withPeer<Result>(
  peer: Peer,
  { atOnce }: Job,
  latencyMs: number,
  measure: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const dir = join(INSTALLED, 'data', peer.name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const claude = await startSimulatedClaude({
    latency: { kind: 'fixed', ms: latencyMs },
    rules: [join(import.meta.dirname, 'echo.rule.ts')],
    dataDir: join(dir, 'model'),
  });
  const ledger = (): LedgerCall[] => parseLedger(readFileSync(join(dir, 'model', 'claude-ledger.jsonl'), 'utf8'));
  try {
    const place: Place = {
      dir,
      model: claude.url,
      atOnce,
      ports: [await freePort(), await freePort(), await freePort()],
    };
    const running = await RunningPeer.start(await peer.programs(place), dir);
    try {
      const warmUp: Order = { prefix: 'w', count: WARM_UP, perSecond: null, timeoutMs: TIMEOUT_MS };
      const { tasks } = await running.work(warmUp);
      const { lost } = judge(warmUp, tasks, ledger());
      if (lost > 0) throw new Error(`${lost} of ${WARM_UP} tasks of the warm-up have no answer; see ${dir}.`);
      return await measure({ running, claude, ledger });
    } finally {
      await running.stop();
    }
  } finally {
    await claude.close();
  }
}

async function measureJob({ running, ledger }: Bench, { tasks, atOnce, latencyMs }: Job) {
  const order: Order = { prefix: 'a', count: tasks, perSecond: null, timeoutMs: TIMEOUT_MS };
  const { roots } = running;
  const cpuBefore = cpuOf(roots);
  const memory = samplePeak(() => memoryOf(roots));
  const report = await running.work(order);
  const cpuMs = cpuOf(roots) - cpuBefore;
  return {
    ratio: rounded(seconds(report) / ((tasks * latencyMs) / atOnce / 1_000), 3),
    cpuMsPerTask: rounded(cpuMs / tasks, 2),
    memoryMiB: Math.round(memory.stop()),
    verdict: judge(order, report.tasks, ledger()),
  };
}

async function measureQuick({ running, ledger }: Bench, { tasks }: Job) {
  const order: Order = { prefix: 'b', count: tasks, perSecond: null, timeoutMs: TIMEOUT_MS };
  const report = await running.work(order);
  const verdict = judge(order, report.tasks, ledger());
  const count = Math.min(LIGHT_TASKS, tasks);
  const light: Order = { prefix: 'c', count, perSecond: LIGHT_PER_SECOND, timeoutMs: TIMEOUT_MS };
  const { tasks: done } = await running.work(light);
  const times = dispatchTimes(done, ledger());
  return {
    tasksPerSecond: rounded(tasks / seconds(report), 1),
    dispatchP50Ms: rounded(percentile(times, 0.5), 1),
    dispatchP99Ms: rounded(percentile(times, 0.99), 1),
    verdict,
    lightVerdict: judge(light, done, ledger()),
  };
}

async function measureCrash({ running, claude, ledger }: Bench, { tasks }: Job): Promise<Figures['crash']> {
  const order: Order = { prefix: 'd', count: tasks, perSecond: null, timeoutMs: CRASH_TIMEOUT_MS };
  const { answered } = await claude.stats();
  const working = running.work(order);
  // The model counts its answers in another thread: there is no event to wait for.
  while ((await claude.stats()).answered < answered + tasks / 2) await pause(5);
  await running.killWorkers();
  await running.restartWorkers();
  const report = await working;
  const { lost, doubled, extraCalls } = judge(order, report.tasks, ledger());
  return { lost, doubled, extraCalls, makespanS: rounded(seconds(report), 2) };
}

const seconds = ({ startedAt, endedAt }: Report): number => (endedAt - startedAt) / 1_000;

/** Milliseconds between two looks at the memory: each reads a file per process. */
const SAMPLE_MS = 500;

function samplePeak(sample: () => number): { stop(): number } {
  let peak = sample();
  const look = (): void => void (peak = Math.max(peak, sample()));
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}

/** A free TCP port of this machine. Another process could take it before the peer does, which then fails to start. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
