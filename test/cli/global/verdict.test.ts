import { describe, expect, it } from 'vitest';
import { Books, type SeenEnd } from '#cli/global/demo/books.ts';
import { costByTask, repeatsOf, type ModelCall } from '#cli/global/demo/ledger.ts';
import { planOf } from '#cli/global/demo/plan.ts';
import { verdictOf, violationsOf, type Evidence } from '#cli/global/demo/verdict.ts';

const call = (stepId: string, arrivedMs: number, answeredMs: number, output = 20): ModelCall => ({
  time: new Date(answeredMs).toISOString(),
  arrivedMs,
  model: 'claude-opus-5-5-simulated',
  stepId,
  usage: { input: 100, output, cacheRead: 0, cacheWrite: 0 },
});

describe('a plan', () => {
  it('is the same for the same seed, and another one for another', () => {
    const options = { tasks: 50, seconds: 10, seed: 7 };
    const names = ['us', 'eu', 'ap'];
    expect(planOf(names, options)).toEqual(planOf(names, options));
    expect(planOf(names, { ...options, seed: 8 })).not.toEqual(planOf(names, options));
  });

  it('loses two different regions, and has callers near all of them', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { killed, partitioned, tasks } = planOf(['us', 'eu', 'ap'], { tasks: 60, seconds: 10, seed });
      expect(killed).not.toBe(partitioned);
      expect(new Set(tasks.map(({ near }) => near)).size).toBe(3);
      expect(tasks.every(({ atMs }, index) => index === 0 || atMs >= (tasks[index - 1]?.atMs ?? 0))).toBe(true);
    }
  });
});

describe('the model’s ledger', () => {
  const lost = [{ from: 5_000, to: 5_000 }];

  it('excuses a call that was in flight when a region was lost, once', () => {
    expect(repeatsOf([call('a/0', 4_500, 5_500), call('a/0', 40_000, 41_000)], lost, 0)).toEqual({
      beyond: 0,
      inFlight: 1,
    });
    const thrice = [call('a/0', 4_500, 5_500), call('a/0', 40_000, 41_000), call('a/0', 50_000, 51_000)];
    expect(repeatsOf(thrice, lost, 0)).toEqual({ beyond: 1, inFlight: 1 });
  });

  it('excuses a call whose answer was still on its way to the other regions', () => {
    expect(repeatsOf([call('a/0', 3_000, 4_000), call('a/0', 40_000, 41_000)], lost, 2_000).beyond).toBe(0);
    expect(repeatsOf([call('a/0', 1_000, 2_000), call('a/0', 40_000, 41_000)], lost, 2_000).beyond).toBe(1);
  });

  it('counts a call that was repeated for no loss at all', () => {
    expect(repeatsOf([call('a/0', 100, 200), call('a/0', 300, 400), call('a/1', 500, 600)], [], 0).beyond).toBe(1);
  });

  it('gives the cost of each task at list prices', () => {
    const costs = costByTask([call('eu.task-1/0', 0, 1), call('eu.task-1/1', 2, 3), call('task-2/0', 0, 1)]);
    expect(costs.get('eu.task-1')).toBeCloseTo(2 * (100 * 4 + 20 * 20) * 1e-6, 10);
    expect(costs.get('task-2')).toBeCloseTo((100 * 4 + 20 * 20) * 1e-6, 10);
  });
});

const ended = (by: string, finishedAt: string, output?: string): SeenEnd => ({
  by,
  status: 'succeeded',
  finishedAt,
  ...(output !== undefined && { output }),
});

/** One accepted task with these ends. */
function evidence(ends: readonly SeenEnd[], others: Partial<Evidence> = {}): Evidence {
  const books = new Books();
  const entry = books.open({ nth: 0, near: 'eu', atMs: 0, instruction: 'What is 6 times 7?', answer: '42' });
  Object.assign(entry, { sentAt: 1_000, acceptedAt: 1_040, id: 'eu.task-1' });
  entry.ends.push(...ends);
  return {
    books,
    calls: [call('eu.task-1/0', 1_100, 1_200)],
    losses: [],
    beliefs: [{ region: 'us', home: 'us', epoch: 0, from: 0, until: 5 }],
    budgetUsd: 0.01,
    firstFaultAt: 10_000,
    names: ['us', 'eu', 'ap'],
    measured: { takeoverS: 38, partitionTakeoverS: 40, lagMsP99: 600, conflicts: 0, peakMemoryMiB: 1_500, tookS: 150 },
    ...others,
  };
}

describe('the verdict', () => {
  it('finds nothing where all went well', () => {
    const verdict = verdictOf(evidence([ended('caller', 't1', '{"text":"6 * 7 = 42"}'), ended('us', 't1')]));
    expect(verdict).toMatchObject({
      accepted: 1,
      lost: 0,
      endedTwice: 0,
      repeatedSteps: 0,
      acceptP50Ms: { eu: 40, us: null },
    });
    expect(violationsOf(verdict)).toEqual([]);
  });

  it('finds a task that never ended', () => {
    expect(violationsOf(verdictOf(evidence([])))).toEqual(['1 accepted tasks are lost']);
  });

  it('finds a task that ended twice: at two times, in two ways or with two outputs', () => {
    for (const ends of [
      [ended('caller', 't1'), ended('us', 't2')],
      [ended('caller', 't1'), { ...ended('us', 't1'), status: 'failed' }],
      [ended('caller', 't1', '42'), ended('us', 't1', '"42 "')],
    ])
      expect(verdictOf(evidence(ends)).endedTwice).toBe(1);
  });

  it('finds wrong answers and failed ends', () => {
    expect(verdictOf(evidence([ended('caller', 't1', '{"text":"41"}')])).wrongAnswers).toBe(1);
    expect(verdictOf(evidence([{ ...ended('caller', 't1'), status: 'failed' }])).wrongAnswers).toBe(1);
  });

  it('finds a budget that was exceeded by what the model was really asked', () => {
    const calls = [call('eu.task-1/0', 1_100, 1_200, 1_000)];
    expect(violationsOf(verdictOf(evidence([ended('caller', 't1')], { calls })))).toEqual(['1 budgets were exceeded']);
  });

  it('finds a region that nobody took over', () => {
    const measured = {
      takeoverS: null,
      partitionTakeoverS: 40,
      lagMsP99: 600,
      conflicts: 0,
      peakMemoryMiB: 1_500,
      tookS: 150,
    };
    expect(violationsOf(verdictOf(evidence([ended('caller', 't1')], { measured })))).toEqual([
      'the killed region was not taken over',
    ]);
  });
});
