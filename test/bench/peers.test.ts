import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { withTables } from '../../bench/markdown.ts';
import { median } from '../../bench/percentile.ts';
import { tasksOf, type Done } from '../../bench/peers/job.ts';
import { benchPeers, peersBenchOptions } from '../../bench/peers/peers.ts';
import { parseStat, treeOf } from '../../bench/peers/processes.ts';
import { rotated } from '../../bench/peers/rounds.ts';
import { peersReport } from '../../bench/peers/report.ts';
import { newestResults } from '../../bench/peers/results.ts';
import { summary } from '../../bench/peers/summary.ts';
import { dispatchTimes, judge, parseLedger, type LedgerCall } from '../../bench/peers/verdict.ts';
import { fleetSettings } from '../../bench/peers/fleet/settings.ts';

const ORDER = { prefix: 'a', count: 3 };
const [ONE, TWO, THREE] = ['a000000', 'a000001', 'a000002'] as const;

const done = (key: string, answer: string | null = `You said: Say ${key}.`): Done => ({
  key,
  submittedAt: 1_000,
  answer,
  ledgerKey: answer === null ? null : key,
});
const call = (key: string, more: Partial<LedgerCall> = {}): LedgerCall => ({
  stepId: `${key}/0`,
  content: key,
  outcome: 'answered',
  arrivedMs: 1_010,
  ...more,
});
const ALL = [ONE, TWO, THREE];

describe("the verdict by the model's own ledger", () => {
  it('finds nothing where each task has one call and its own answer', () => {
    const verdict = judge(
      ORDER,
      ALL.map((key) => done(key)),
      ALL.map((key) => call(key)),
    );
    expect(verdict).toEqual({ lost: 0, doubled: 0, extraCalls: 0, unfounded: 0 });
  });

  it('counts tasks without an answer, with that of another task, and without a call', () => {
    const tasks = [done(ONE, null), done(TWO, `You said: Say ${ONE}.`), done(THREE)];
    expect(judge(ORDER, tasks, [call(ONE), call(TWO)])).toEqual({ lost: 2, doubled: 0, extraCalls: 0, unfounded: 1 });
    expect(judge(ORDER, [], [])).toMatchObject({ lost: 3 });
  });

  it('counts a repeated call, and as doubled only one that already contains the first turn', () => {
    const repeated = [call(ONE, { outcome: 'abandoned' }), call(ONE), call(TWO), call(TWO, { content: 'two turns' })];
    const verdict = judge(
      ORDER,
      ALL.map((key) => done(key)),
      [...repeated, call(THREE)],
    );
    expect(verdict).toEqual({ lost: 0, doubled: 1, extraCalls: 2, unfounded: 0 });
  });
});

test('dispatch runs from the submission to the first call of the task', () => {
  const ledger = [call(ONE, { arrivedMs: 1_020 }), call(ONE, { arrivedMs: 1_004 }), call('b000000')];
  expect(dispatchTimes([done(ONE), done(TWO, null)], ledger)).toEqual([4]);
});

test('a ledger is parsed line by line', () => {
  const line = { time: 't', requestId: 'r', stepId: null, content: 'c', outcome: 'answered', usage: {} };
  expect(parseLedger(`${JSON.stringify(line)}\n`)).toEqual([{ stepId: null, content: 'c', outcome: 'answered' }]);
  expect(() => parseLedger('{}\n')).toThrow('stepId');
});

test('tasks of an order differ, and no key is the beginning of another', () => {
  const tasks = tasksOf({ prefix: 'a', count: 1_001 });
  expect(new Set(tasks.map(({ session }) => session)).size).toBe(1_001);
  expect(tasks.filter(({ text }) => text.includes('a000100'))).toHaveLength(1);
});

test('each round begins with another peer', () => {
  const orders = [0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''));
  expect(orders).toEqual(['abc', 'bca', 'cab', 'abc']);
  expect(rotated([], 1)).toEqual([]);
});

test('the median is the middle, or the mean of the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  expect(median([])).toBeNaN();
});

test('a summary has exactly the documented fields, each the median of the rounds', () => {
  const figures = (value: number) => ({
    ratio: value,
    tasksPerSecond: value,
    cpuMsPerTask: value,
    memoryMiB: value,
    dispatchP50Ms: value,
    dispatchP99Ms: value,
    crash: { lost: value, doubled: value, extraCalls: value, makespanS: value },
  });
  expect(summary('bullmq', [figures(1), figures(9), figures(2)])).toEqual({ peer: 'bullmq', ...figures(2) });
});

describe('processes', () => {
  it('are parsed from /proc, with the time of ended children', () => {
    const fields = ['S', '7', ...Array.from({ length: 9 }, () => '0'), '10', '20', '3', '4', '0'];
    expect(parseStat(`42 (a (b) c) ${fields.join(' ')}`)).toEqual({ pid: 42, parent: 7, cpuMs: 370 });
  });

  it('are counted once, with all descendants', () => {
    const stats = [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 9],
    ].map(([pid = 0, parent = 0]) => ({ pid, parent, cpuMs: 0 }));
    expect(
      treeOf(stats, [2, 3, 5])
        .map(({ pid }) => pid)
        .toSorted((one, other) => one - other),
    ).toEqual([2, 3, 5]);
    expect(treeOf(stats, [1])).toHaveLength(4);
  });
});

describe('the report', () => {
  const round = (tasksPerSecond: number, ratio: number) => ({
    ratio,
    tasksPerSecond,
    cpuMsPerTask: 2,
    memoryMiB: 100,
    dispatchP50Ms: 1,
    dispatchP99Ms: 2,
    crash: { lost: 0, doubled: 0, extraCalls: 50, makespanS: 10 },
  });
  const peer = (name: string, rounds: ReturnType<typeof round>[]) => ({
    name,
    setup: 'two workers',
    lacks: name === 'bullmq' ? 'budgets' : '',
    writes: 'a file',
    versions: { [name]: '1.0' },
    problems: [],
    rounds,
  });
  const results = {
    date: '2026-11-30',
    job: { tasks: 2_000, atOnce: 50, latencyMs: 200 },
    machine: { lscpu: 'CPU(s):   2\nModel name:  A processor\n', node: 'v24.0.0', kernel: 'Linux', memory: '8 GB' },
    loadBefore: 0.1,
    peers: [
      peer('agent-fleet', [round(80, 1.1), round(100, 1.2), round(90, 1.1)]),
      peer('bullmq', [round(1_500, 1.3), round(1_400, 1.3), round(1_600, 1.3)]),
    ],
  };

  it('says first where the fleet is behind, then medians with their ranges', () => {
    const text = peersReport(results);
    expect(text).toContain('2 × A processor, Node v24.0.0, load 0.1 before. Medians of 3 rounds');
    expect(text).toContain('- tasks/s, model 0 ms: bullmq has 1,500, agent-fleet 90.');
    expect(text).not.toContain('- makespan ÷ ideal');
    expect(text.indexOf('is behind')).toBeLessThan(text.indexOf('| agent-fleet'));
    expect(text).toMatch(/\| agent-fleet \| 1\.10 \(1\.10–1\.20\)\s+\| 90 \(80–100\)/);
    expect(text).toMatch(/\| bullmq {6}\| bullmq 1\.0 .*\| budgets/);
  });

  it('in docs/benchmarks.md is that of the newest saved results', () => {
    const page = readFileSync('docs/benchmarks.md', 'utf8');
    expect(withTables(page, { peers: peersReport(newestResults()) })).toBe(page);
  });
});

test('the fleet has as many tasks at once as the peers', () => {
  expect(fleetSettings(50)).toEqual({
    systems: 'assistant',
    tasksPerWorker: 10,
    // Two of them are for tasks of high priority.
    workers: '{"assistant":7}',
    warmWorkers: 5,
    apiRate: 5_000,
    apiBurst: 5_000,
  });
});

test('invalid usage is rejected and named', async () => {
  const options = { peers: 'sidekiq', rounds: '1', tasks: '1', atOnce: '50', latency: '200' };
  const silent = { line: () => undefined, progress: () => undefined, json: () => undefined };
  await expect(benchPeers(peersBenchOptions.parse(options), silent)).rejects.toThrow('--peers has no peer "sidekiq"');
  const { error } = peersBenchOptions.safeParse({ ...options, atOnce: '3' });
  expect(error?.issues).toMatchObject([{ path: ['atOnce'], message: 'must be even: two worker processes share it' }]);
});
