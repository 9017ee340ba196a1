import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { withTables } from '../../bench/markdown.ts';
import { residual } from '../../bench/scale/check.ts';
import { awsDollars, sumOf, tokenDollars } from '../../bench/scale/dollars.ts';
import { byTightness, drain, secondsUnder } from '../../bench/scale/drain.ts';
import { scaleFigures } from '../../bench/scale/figures.ts';
import { limitsOf, type Limit } from '../../bench/scale/limits.ts';
import { gbSecondsUsd } from '../../bench/scale/prices.ts';
import { scaleBenchOptions } from '../../bench/scale/scale.ts';
import { costTables } from '../../bench/scale/tables.ts';
import { USUAL } from '../../bench/scale/workload.ts';
import { assumed } from '../../bench/scale/sourced.ts';

const limit = (perSecond: number, more: Partial<Limit> = {}): Limit => ({
  name: `${perSecond} per second`,
  perSecond,
  burst: 0,
  perTask: 1,
  quota: assumed(perSecond, 'a test'),
  lift: 'nothing',
  ...more,
});

describe('the time under a limit', () => {
  it('is the units beyond the burst by the rate', () => {
    expect(secondsUnder(limit(10), 100)).toBe(10);
    expect(secondsUnder(limit(10, { burst: 50 }), 100)).toBe(5);
    expect(secondsUnder(limit(10, { burst: 50, perTask: 2 }), 100)).toBe(15);
    expect(secondsUnder(limit(10, { burst: 500 }), 100)).toBe(0);
  });

  it('has a ramp: what is done meanwhile is the area below it', () => {
    // From 5 to 15 in 10 seconds: 100 units. The rest at 15 a second.
    const ramped = limit(15, { ramp: { first: 5, growth: 1 } });
    expect(secondsUnder(ramped, 100)).toBeCloseTo(10);
    expect(secondsUnder(ramped, 130)).toBeCloseTo(12);
    // 5 t + t²/2 = 12 at t = 2.
    expect(secondsUnder(ramped, 12)).toBeCloseTo(2);
    expect(secondsUnder(limit(4, { ramp: { first: 5, growth: 1 } }), 8)).toBe(2);
  });

  it('is that of the tightest limit, and the last task takes its own time', () => {
    const limits = [limit(100), limit(10), limit(50)];
    expect(drain(limits, 1_000, 2)).toMatchObject({ seconds: 102, first: { name: '10 per second' }, perSecond: 10 });
    expect(byTightness(limits, 1_000).map(({ perSecond }) => perSecond)).toEqual([10, 50, 100]);
    expect(() => drain([], 1, 1)).toThrow('Without a limit');
  });
});

describe('dollars', () => {
  it('of GB-seconds fall by the tiers of a month', () => {
    expect(gbSecondsUsd(1e9)).toBeCloseTo(13_333.4);
    expect(gbSecondsUsd(10e9)).toBeCloseTo(7.5e9 * 0.0000133334 + 2.5e9 * 0.0000120001);
    expect(gbSecondsUsd(20e9)).toBeCloseTo(7.5e9 * 0.0000133334 + 11.25e9 * 0.0000120001 + 1.25e9 * 0.0000106667);
  });

  it('of AWS grow with the tasks, and only document tasks pay for transitions', () => {
    expect(sumOf(awsDollars(USUAL, 2_000))).toBeCloseTo(2 * sumOf(awsDollars(USUAL, 1_000)));
    expect(awsDollars(USUAL, 1_000)['Step Functions']).toBe(0);
    expect(awsDollars({ ...USUAL, kind: 'document' }, 1_000)['Step Functions']).toBeCloseTo(0.075);
    expect(awsDollars(USUAL, 1_000).DynamoDB).toBeCloseTo(18_000 * 0.625e-6 + 1_000 * 0.125e-6);
  });

  it('of tokens follow the catalogue: tiers, batches, cache reads, and two calls of a task with a tool', () => {
    expect(tokenDollars(USUAL, 'fast', 1_000)).toBeCloseTo(1.5);
    expect(tokenDollars(USUAL, 'balanced', 1_000)).toBeCloseTo(30);
    expect(tokenDollars({ ...USUAL, economy: true }, 'balanced', 1_000)).toBeCloseTo(15);
    expect(tokenDollars({ ...USUAL, cachedShare: 1 }, 'balanced', 1_000)).toBeCloseTo(10 + 1);
    expect(tokenDollars({ ...USUAL, kind: 'tool' }, 'balanced', 1_000)).toBeCloseTo(60);
    expect(tokenDollars({ ...USUAL, inputTokens: 200_000 }, 'fast', 1_000)).toBeCloseTo(100 + 2.5);
  });
});

describe('limits', () => {
  it('are those of what the tasks use', () => {
    const names = (workload: typeof USUAL): string[] => limitsOf(workload).map(({ name }) => name);
    expect(names(USUAL)).not.toContain('Step Functions: transitions');
    expect(names({ ...USUAL, kind: 'document' })).toContain('Step Functions: task tokens');
    expect(names({ ...USUAL, kind: 'document' })).not.toContain('task API: one key');
    expect(names({ ...USUAL, economy: true }).filter((name) => name.startsWith('Claude'))).toEqual([]);
  });

  it('each have a source and something that lifts them', () => {
    for (const { quota, lift } of limitsOf({ ...USUAL, kind: 'document' })) {
      expect(quota.source.length).toBeGreaterThan(5);
      expect(lift.length).toBeGreaterThan(5);
    }
  });

  it('of the provider are inputs: without them the fleet meets its own', () => {
    const Infinite = { requestsPerMinute: Infinity, inputTokensPerMinute: Infinity, outputTokensPerMinute: Infinity };
    expect(scaleFigures(USUAL).rows.map(({ tasks }) => tasks)).toEqual([1e3, 1e4, 1e5, 1e6, 1e7, 1e8]);
    expect(scaleFigures(USUAL).ladder[0]?.limit).toMatch(/^Claude/);
    expect(scaleFigures({ ...USUAL, ...Infinite }).ladder[0]?.limit).not.toMatch(/^Claude/);
  });
});

test('a residual compares a run with the same rules and the constants of this machine', () => {
  const machine = { cpuMsPerCall: 1, modelCpuMs: 0 };
  expect(residual({ tasks: 500, latencyMs: 10_000 }, machine, 110)).toMatchObject({
    firstLimit: 'tasks at once',
    predictedSeconds: 100,
    residualPercent: 10,
  });
  expect(residual({ tasks: 500, latencyMs: 0 }, machine, 1).firstLimit).toBe('processor');
});

describe('docs/cost.md', () => {
  const page = readFileSync('docs/cost.md', 'utf8');

  it('has the tables that the model computes (npm run bench -- scale --write)', () => {
    expect(withTables(page, costTables())).toBe(page);
  });

  it('says right how small the share of AWS is', () => {
    const aws = sumOf(awsDollars(USUAL, 1_000));
    expect(Math.round(tokenDollars(USUAL, 'balanced', 1_000) / aws / 100) * 100).toBe(1_600);
    expect(Math.round(tokenDollars(USUAL, 'fast', 1_000) / aws)).toBe(80);
    expect(page).toContain(
      'AWS is less than a thousandth of the price of a `balanced` task, and an eightieth of a `fast` one.',
    );
  });
});

test('a document without markers is named', () => {
  expect(() => withTables('', { drain: '' })).toThrow('no markers <!-- drain -->');
});

test('the model prints one object', () => {
  const options = ['scale', '--kind', 'session', '--json'];
  const stdout = execFileSync(process.execPath, ['bench/run.ts', ...options], { encoding: 'utf8', stdio: 'pipe' });
  const { rows, residuals } = JSON.parse(stdout) as { rows: unknown[]; residuals: null };
  expect(rows).toHaveLength(6);
  expect(residuals).toBeNull();
});

test('options that it does not know are rejected', () => {
  const { error } = scaleBenchOptions.safeParse({ ...USUAL, kind: 'dream', cachedShare: 2 });
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['kind', 'cachedShare']);
  expect(scaleBenchOptions.parse({ ...USUAL })).toMatchObject(USUAL);
});
