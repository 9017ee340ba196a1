import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { claimEscalation, releaseEscalation, answerEscalation } from '#core/escalations/transitions.ts';
import { heed, takeSlot, throttle, newPace } from '#core/governor/pace.ts';
import { countAnswer, countFailure, probe } from '#core/pools/breaker.ts';
import { healthyPool, type Pool } from '#core/pools/pool.ts';
import { enter, forget, leave } from '#core/sessions/rules.ts';
import { DEFAULT_SESSION_POLICY, newSession } from '#core/sessions/session.ts';
import { mark } from '#core/streams/numbers.ts';
import { subjectItemSchema } from '#core/streams/subject-item.ts';
import { awaitVersion } from '#core/tasks/await-version.ts';
import * as batched from '#core/tasks/batched.ts';
import * as delegated from '#core/tasks/delegated.ts';
import * as claims from '#core/tasks/claim.ts';
import * as finish from '#core/tasks/finish.ts';
import * as progress from '#core/tasks/progress.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { Decision } from '#core/tasks/transition.ts';
import { acquire, release, releaseEnded } from '#core/tenants/permits.ts';
import { checkQuiet, markStarted, observe } from '#core/uploads/observe.ts';
import { newUpload } from '#core/uploads/upload.ts';
import {
  freshId,
  NOW,
  sampleDelegation,
  sampleEscalation,
  sampleModelStep,
  sampleTask,
  sampleToolStep,
} from '../../contract/samples.ts';
import { anEvent, applied } from '../streams/support.ts';
import { planted, plantsIn } from './planted.ts';

const EPOCH = 3;
const id = freshId();
const running: TaskState = { status: 'running', holder: 'h', leaseUntil: NOW + 9_000, cancelRequested: false };
const lapsed: TaskState = { ...running, leaseUntil: NOW - 1, resent: { at: NOW - 1, times: 1 } };
const parked: TaskState = { status: 'parked', cause: 'throttled', until: NOW };
const waiting: TaskState = { status: 'parked', cause: 'session', until: NOW };
const inBatch: TaskState = { status: 'parked', cause: 'batch', until: NOW };
const ended: TaskState = {
  status: 'failed',
  failure: { kind: 'permanent', reason: 'r' },
  finishedAt: NOW,
  notified: false,
};
const reservation = { step: 0, epoch: EPOCH, tokens: 10, usd: 0.1, model: 'm' };
const failure = { kind: 'permanent', reason: 'r' } as const;

/** A task with every object that a record of it can have, in this state. */
const full = (state: TaskState, change: Partial<Task> = {}): Task =>
  planted(
    sampleTask({
      id,
      epoch: EPOCH,
      request: { id: 'r', retry: 0 },
      inputAt: { bucket: 'b', key: 'k' },
      callback: { url: 'https://example.com' },
      metadata: { a: 'b' },
      worker: { name: 'w' },
      lastError: { reason: 'r', at: NOW, worker: { name: 'w' } },
      reservation,
      audit: { hash: 'a'.repeat(64) },
      state,
      ...change,
    }),
  );
const batch = { id: 'batch-1', since: NOW, held: [{ of: 'tenant', name: 't', day: '2026-11-23' }] } as const;
const batchOf = (change: Partial<Task> = {}) =>
  full(inBatch, { batch: { ...batch, held: [...batch.held] }, ...change });
const step = sampleModelStep({ taskId: id, epoch: EPOCH });

/** Each transition on a task that it applies to. */
const TRANSITIONS: Readonly<Record<string, () => readonly [Task, Decision]>> = Object.fromEntries(
  Object.entries<readonly [Task, (task: Task) => Decision]>({
    'claim a queued task': [full({ status: 'queued', since: NOW }), (task) => claims.claim(task, 'h', NOW)],
    'claim after a lease ran out': [full(lapsed), (task) => claims.claim(task, 'h2', NOW, { name: 'w2' })],
    renew: [full(running), (task) => claims.renew(task, EPOCH, NOW)],
    'await a version': [full(lapsed), (task) => awaitVersion(task, { now: NOW, random: 0 })],
    'reserve a call': [full(running), (task) => progress.reserveCall(task, EPOCH, reservation, NOW)],
    'release a call': [full(running), (task) => progress.releaseCall(task, EPOCH)],
    'forfeit a call': [full(running), (task) => progress.forfeitCall(task, EPOCH)],
    'commit a model step': [full(running), (task) => progress.commitStep(task, EPOCH, step, NOW)],
    'commit a tool step': [
      full(running),
      (task) => progress.commitStep(task, EPOCH, sampleToolStep({ taskId: id, index: 0 }), NOW),
    ],
    park: [full(running), (task) => progress.park(task, EPOCH, 'throttled', NOW, NOW)],
    'requeue a queued task': [full({ status: 'queued', since: 1 }), (task) => progress.requeue(task, NOW)],
    'requeue a parked task': [full(parked), (task) => progress.requeue(task, NOW)],
    'requeue a dead claim': [full(lapsed), (task) => progress.requeue(task, NOW)],
    'join by another run': [full(parked, { runId: 'a' }), (task) => finish.addWaiter(task, 'token', 'b')],
    'hand over to another run': [full(parked, { runId: 'a', otherRuns: ['b'] }), (task) => finish.handOver(task, 'b')],
    free: [full(waiting), (task) => progress.free(task, task, NOW)],
    'wait on': [full(waiting), (task) => progress.waitOn(task, 1, NOW)],
    succeed: [full(running), (task) => finish.succeed(task, EPOCH, { output: 1, warnings: [] }, NOW)],
    escalate: [full(running), (task) => finish.escalate(task, EPOCH, { reason: 'r', output: 1 }, NOW)],
    fail: [full(running), (task) => finish.fail(task, EPOCH, failure, NOW)],
    expire: [full(lapsed, { deadline: NOW - 1 }), (task) => finish.expire(task, NOW)],
    'request a cancel': [full(running), (task) => finish.cancel(task, NOW)],
    'cancel at once': [full(parked), (task) => finish.cancel(task, NOW)],
    'honour a cancel': [full(running), (task) => finish.honourCancel(task, EPOCH, NOW)],
    'mark as notified': [full(ended), finish.markNotified],
    'add a waiter': [full(running), (task) => finish.addWaiter(task, 'token')],
    'begin a delegation': [
      full(running),
      (task) => delegated.beginDelegation(task, EPOCH, sampleDelegation({ step: 0, epoch: EPOCH }), NOW),
    ],
    'extend a delegation': [
      full(running, { delegation: sampleDelegation({ step: 0, epoch: EPOCH }) }),
      (task) => {
        const { delegation = sampleDelegation() } = task;
        const { children } = sampleDelegation();
        const next = { ...delegation, children: [...delegation.children, ...children] };
        return delegated.extendDelegation(task, EPOCH, next, NOW);
      },
    ],
    'commit a delegation': [
      full(running, { delegation: sampleDelegation({ step: 0, epoch: EPOCH }) }),
      (task) =>
        delegated.commitDelegation(
          task,
          EPOCH,
          sampleToolStep({ taskId: id, index: 0 }),
          { usd: 0.1, tokens: 10 },
          NOW,
        ),
    ],
    'enter a batch': [
      full(inBatch),
      (task) => batched.enterBatch(task, { ...batch, held: [...batch.held] }, { step: 0, tokens: 1, usd: 0.1 }),
    ],
    postpone: [full(inBatch), (task) => batched.postpone(task, NOW)],
    'leave out of batches': [full(inBatch), (task) => batched.leaveOutOfBatches(task, 'agent-version')],
    'fail while waiting': [full(inBatch), (task) => batched.failWaiting(task, failure, NOW)],
    'answer while waiting': [
      full(inBatch),
      (task) => batched.answerWaiting(task, { output: 'o', warnings: [] }, null, NOW),
    ],
    'commit a batched step': [batchOf(), (task) => batched.commitBatched(task, batch.id, step, NOW)],
    'leave a batch': [batchOf(), (task) => batched.leaveBatch(task, batch.id, { until: NOW, billed: true })],
    'fail in a batch': [batchOf(), (task) => batched.failBatched(task, batch.id, failure, NOW)],
  }).map(([name, [task, rule]]) => [name, () => [task, rule(task)]]),
);

/** Objects that belong to the task for as long as it lives, and change at most within. */
const LASTING = [
  'record',
  'record.request',
  'record.inputAt',
  'record.callback',
  'record.budget',
  'record.spend',
  'record.spend.usage',
  'record.spend.lost',
  'record.audit',
];

/** They park a task anew: its state ends and another one of the same status begins. */
const ANEW: ReadonlySet<string> = new Set(['enter a batch', 'postpone', 'leave a batch']);

describe('R1: a transition of a task keeps what a newer release wrote', () => {
  test.each(Object.entries(TRANSITIONS))('%s', (name, make) => {
    const [before, decision] = make();
    expect(decision.ok).toBe(true);
    const { task } = decision;
    const sameState = task.state.status === before.state.status && !ANEW.has(name) ? ['record.state'] : [];
    expect(plantsIn(task)).toEqual(expect.arrayContaining([...LASTING, ...sameState]));
  });

  it('and every transition that there is, is tried', () => {
    const source = readFileSync(import.meta.filename, 'utf8');
    const helpers = new Set(['held', 'leased', 'withSlot', 'withDetail', 'spentOn', 'abandon']);
    const rules = Object.entries({ batched, claims, delegated, finish, progress }).flatMap(([module, exported]) =>
      Object.keys(exported)
        .filter((name) => /^[a-z]/.test(name) && !helpers.has(name))
        .map((name) => `${module}.${name}`),
    );
    expect(rules.filter((rule) => !source.includes(rule))).toEqual([]);
  });
});

describe('R1: every other record keeps what a newer release wrote', () => {
  const turn = { user: 'u', assistant: 'a', tokens: 1 };
  const session = planted({
    ...newSession('acme', 's', DEFAULT_SESSION_POLICY),
    version: 1,
    waiting: [id],
    turns: [{ ...turn, taskId: freshId() }],
    expiresAt: NOW + 1,
  });

  it('a session', () => {
    const all = ['record', 'record.turns.0', 'record.policy'];
    expect(plantsIn(enter(session, freshId(), NOW).session)).toEqual(expect.arrayContaining(all));
    const left = leave(session, id, planted(turn), NOW).session;
    expect(plantsIn(left)).toEqual(expect.arrayContaining([...all, 'record.turns.1']));
    expect(plantsIn(forget(session).session)).toEqual(expect.arrayContaining(['record', 'record.policy']));
  });

  it('a session whose oldest turns give way to a summary', () => {
    const upTo = session.turns[0]?.taskId ?? '';
    const next = planted({ ...turn, summary: { ...turn, upTo } });
    const { turns } = leave(session, id, next, NOW).session;
    expect(turns.map((each) => each.isSummary ?? false)).toEqual([true, false]);
    expect(plantsIn(turns)).toEqual(['record.0', 'record.1']);
  });

  it('an escalation', () => {
    const open = planted(sampleEscalation());
    const { escalation: claimed } = claimEscalation(open, 'ann', NOW);
    const held = planted(claimed);
    for (const { ok, escalation } of [
      claimEscalation(open, 'ann', NOW),
      releaseEscalation(held, 'ann', NOW),
      answerEscalation(held, { by: 'ann', reply: 'r', key: 'k' }, NOW),
    ]) {
      expect(ok).toBe(true);
      expect(plantsIn(escalation)).toContain('record');
    }
    expect(plantsIn(claimEscalation(held, 'ann', NOW + 1).escalation)).toContain('record.state');
  });

  it('a pool', () => {
    const trouble = { since: NOW, failed: 1, answered: 0 };
    const pool = planted<Pool>({ ...healthyPool('a'), version: 1, trouble });
    expect(plantsIn(countFailure(pool, 'r', NOW))).toEqual(['record', 'record.state', 'record.trouble']);
    expect(plantsIn(countAnswer(pool, NOW))).toEqual(['record', 'record.state', 'record.trouble']);
    const open = planted<Pool>({ ...pool, state: { status: 'open', reason: 'r', until: NOW, opens: 1 } });
    expect(plantsIn(probe(open, 't', NOW))).toContain('record');
  });

  it('permits', () => {
    const permits = planted({ tenant: 'acme', version: 1, holders: { [id]: 1 } });
    for (const decision of [
      acquire(permits, id, 2, 5),
      release(permits, id, 1),
      releaseEnded(permits, new Set([id])),
    ]) {
      expect(decision.ok).toBe(true);
      expect(plantsIn(decision.permits)).toEqual(['record']);
    }
  });

  it('a pace', () => {
    const all = ['record', 'record.limits', 'record.taken', 'record.takenByHigh'];
    const pace = planted({ ...newPace('m'), version: 1 });
    const told = { requests: { limit: 100, remaining: 10 } };
    const tight = heed(pace, told, NOW);
    expect(plantsIn(tight).toSorted()).toEqual(all.toSorted());
    expect(plantsIn(heed(tight, told, NOW + 60_000)).toSorted()).toEqual(all.toSorted());
    expect(plantsIn(throttle(pace, told, 1_000, NOW)).toSorted()).toEqual(all.toSorted());
    const need = { requests: 1, inputTokens: 1, outputTokens: 1 };
    const slot = takeSlot(tight, { need, high: true, reachMs: 20_000 }, NOW);
    expect(slot.given && plantsIn(slot.pace).toSorted()).toEqual(all.toSorted());
  });

  it('a subject of a stream', () => {
    const events = [anEvent({ sequence: 2n, amount: 100 }), anEvent({ source: 'news' })];
    const subject = planted(subjectItemSchema.parse(applied(events).next));
    const { next } = applied([anEvent({ sequence: 3n })], subject);
    const all = ['record', 'record.sources.0', 'record.sources.0.numbers', 'record.sources.1', 'record.outbox.0'];
    expect(plantsIn(next)).toEqual(expect.arrayContaining(all));
    expect(plantsIn(mark(planted({ gaps: [], last: '1' }), 5n).numbers)).toEqual(['record']);
  });

  it('an upload', () => {
    const upload = planted({ ...newUpload('u'), rounds: 1 });
    const seen = { objectAt: NOW, manifestAt: null, now: NOW, quietMs: 60_000 };
    for (const { next } of [
      observe(upload, seen),
      observe(upload, { ...seen, manifestAt: NOW }),
      checkQuiet({ ...upload, lastObjectAt: NOW }, NOW + 60_000, 60_000),
      markStarted(upload, 1),
    ]) {
      expect(plantsIn(next)).toEqual(['record']);
    }
  });
});
