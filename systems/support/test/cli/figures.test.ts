import { describe, expect, it } from 'vitest';
import { prepareLoadTest } from '../../load/load-test.ts';
import { buckets, chart } from '#systems/support/cli/chart.ts';
import type { DrivenDay } from '#systems/support/cli/drive-day.ts';
import { figures, replies, results } from '#systems/support/cli/figures.ts';
import { violations } from '#systems/support/cli/summary-facts.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { judge } from '#systems/support/load/judge.ts';

const SECONDS = 60;
const NOW = Date.parse('2026-11-25T00:00:00.000Z');
const loadTest = prepareLoadTest({ id: 's-1', seed: 3, now: NOW, volume: 3, seconds: SECONDS, curve: 'day' });
const { arrivals } = loadTest;

/** The task of a message, answered `ms` milliseconds after it was sent. */
const task = (nth: number, ms: number, status: 'succeeded' | 'escalated' | 'running') => ({
  ...taskPageSchema.shape.tasks.element.parse({
    id: `t-${nth}`,
    sessionId: arrivals[nth]?.message.threadId,
    status,
    agent: 'support-agent',
    agentVersion: '1',
    priority: 'default',
    createdAt: new Date(NOW).toISOString(),
    deadline: new Date(NOW).toISOString(),
    steps: 1,
    attempts: 0,
    crashes: 0,
    budget: { tokens: 10, usd: 1 },
    spent: { tokens: 1, usd: 0.25, savedUsd: 0 },
    usage: { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 },
    links: { self: '', steps: '', cancel: '' },
  }),
  ...(status !== 'running' && { finishedAt: new Date(NOW + (arrivals[nth]?.atMs ?? 0) + ms).toISOString() }),
});

/** A day on which every message was accepted and answered correctly after 1 to 2 seconds. */
const goodDay = (): DrivenDay => ({
  sent: new Map(
    arrivals.map(({ atMs, message }, nth) => [
      message.id,
      { at: NOW + atMs, taskId: `t-${nth}`, throttles: 0, refusal: null },
    ]),
  ),
  tasks: arrivals.map(({ message }, nth) =>
    task(nth, 1_000 + (nth % 11) * 100, message.truth.needsPerson === null ? 'succeeded' : 'escalated'),
  ),
  samples: [5, 20, 50].map((busy, nth) => ({ atMs: nth * 20_000, waiting: nth, busy })),
});

function of(day: DrivenDay) {
  const ended = results(loadTest, day);
  const judged = judge(
    arrivals.map(({ message }) => message),
    ended,
    [],
  );
  const timed = replies(loadTest, ended);
  const found = figures(loadTest, day, judged, timed, SECONDS);
  const summary = {
    ...found,
    id: 's-1',
    minutes: 1,
    volume: 3,
    seed: 3,
    model: 'none',
    modelThrottles: 0,
    machine: { cores: 2, load: [0, 0] as const, cpuMsAMessage: null },
    out: '',
  };
  return { found, timed, wrong: violations(summary) };
}

describe('the figures of a day', () => {
  it('include reply times from sending to the end, for the day, the peak and the climb', () => {
    const { found, wrong } = of(goodDay());
    expect(found.reply.all.messages).toBe(arrivals.length);
    expect(found.reply.all.mean).toBeGreaterThan(1_400);
    expect(found.reply.all.mean).toBeLessThan(1_600);
    expect(found.reply.all.p95).toBe(2_000);
    expect(found.reply.peak.messages).toBeGreaterThan(0);
    expect(found.reply.climb.messages).toBeGreaterThan(found.reply.peak.messages);
    expect(found).toMatchObject({ lost: 0, doubled: 0, workers: { least: 5, most: 50 } });
    expect(found.judged.resolved + found.judged.escalated).toBe(arrivals.length);
    expect(wrong).toEqual([]);
  });

  it('count messages as lost if they were not accepted, or accepted but not ended', () => {
    const day = goodDay();
    const [first, second] = [...day.sent.keys()];
    const sent = new Map(day.sent).set(second ?? '', { at: 0, taskId: null, throttles: 2, refusal: '503' });
    const { found, wrong } = of({ ...day, sent, tasks: [task(0, 0, 'running'), ...day.tasks.slice(2)] });
    expect(first).toBeDefined();
    expect(found).toMatchObject({ lost: 2, refused: { '503': 1 }, webhookThrottles: 2 });
    expect(wrong).toEqual(['2 lost']);
  });

  it('count a task as doubled if no sent message accounts for it', () => {
    const day = goodDay();
    const { found, wrong } = of({ ...day, tasks: [...day.tasks, { ...task(0, 1_000, 'succeeded'), id: 'another' }] });
    expect(found.doubled).toBe(1);
    expect(wrong).toEqual(['1 doubled']);
  });

  it('name messages that need a person but were resolved by the agent', () => {
    const day = goodDay();
    const grave = arrivals.findIndex(({ message }) => message.truth.needsPerson !== null);
    const tasks = day.tasks.map((each, nth) => (nth === grave ? task(nth, 1_000, 'succeeded') : each));
    const { found, wrong } = of({ ...day, tasks });
    expect(found.judged.wronglyResolved).toEqual([arrivals[grave]?.message.id]);
    expect(wrong).toEqual(['1 resolved by the agent although a person was needed']);
  });

  it('find the hour with the longest mean reply time', () => {
    const day = goodDay();
    const atNine = arrivals.findIndex(({ atMs }) => Math.floor((atMs / (SECONDS * 1_000)) * 24) === 9);
    const tasks = day.tasks.map((each, nth) => (nth === atNine ? task(nth, 600_000, 'succeeded') : each));
    expect(of({ ...day, tasks }).found.reply.worstHour.hour).toBe(9);
  });
});

describe('the chart', () => {
  it('draws load, workers and reply times of the whole day', () => {
    const day = goodDay();
    const drawn = buckets({ seconds: SECONDS, samples: day.samples, replies: of(day).timed });
    expect(drawn.length).toBeGreaterThanOrEqual(72);
    expect(Math.max(...drawn.map(({ workers }) => workers ?? 0))).toBe(50);
    const drawing = chart(drawn);
    expect(drawing.match(/<polyline/g)).toHaveLength(5);
    expect(drawing).not.toContain('NaN');
  });
});
