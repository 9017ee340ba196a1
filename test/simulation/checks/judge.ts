import type { AuditEntry } from '#core/ports/audit-trail.ts';
import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import type { Usage } from '#core/models/price.ts';
import type { ModelMessage } from '#core/ports/model.ts';
import type { Step } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import type { Upload } from '#core/uploads/upload.ts';
import type { WorkMessage } from '#core/tasks/work-message.ts';
import type { Actor } from '../world/actor.ts';
import type { Plan } from '../world/plan.ts';
import { AreaBooks } from './area-books.ts';
import { partsOf } from './combined.ts';
import { checkCreated } from './identity.ts';
import { checkEntry, checkHead, checkToolAudited, checkToolStep, entryKey } from './audit.ts';
import { DayBooks } from './days.ts';
import { checkEnds } from './ends.ts';
import { GateBooks } from './gate-books.ts';
import { checkFencing, checkGivenUp, checkHidden } from './fencing.ts';
import { isAtRest, newHistory, placeOf, type History, type TaskWrite } from './history.ts';
import { checkBuried, checkKept, checkLetGo, checkPopulation, checkRequeue, checkResent } from './messages.ts';
import { checkLost, checkMoney, checkTimeout } from './money.ts';
import { checkCall, checkSteps, checkStepWritten, checkToolKey } from './steps.ts';
import { checkThrottling } from './throttling.ts';
import { checkChildCreated, checkTreeBilled } from './trees.ts';
import { checkVersions } from './versions.ts';
import { checkRound, checkRunStarted, manifestAt, type UploadHistory } from './uploads.ts';
import { expectThat, Violation } from './violation.ts';
import { checkAnswer, checkCallback, checkNotified, type Requests } from './waiters.ts';

/** A call reached the model, which bills it (null: it refused, and bills nothing). */
interface ModelCall {
  readonly id: TaskId;
  readonly index: number;
  readonly by: Actor;
  readonly reserved: number | null;
  /** How long the caller will wait, and how long its invocation still has. */
  readonly timeoutMs: number;
  readonly leftMs: number;
  readonly knewOfCancel: boolean;
  readonly messages: readonly ModelMessage[];
  /** It puts the oldest turns of a session in short. */
  readonly isSummary: boolean;
  readonly bill: Bill | null;
}

/** What the provider bills for an answer. */
interface Bill {
  readonly requestId: string;
  readonly usage: Usage;
  readonly usd: number;
}

/** A tool takes effect. */
interface ToolRun {
  /** The idempotency key it was given. */
  readonly key: string;
  readonly input: string;
  readonly digest: string;
  readonly reserved: number | null;
  readonly by: Actor;
}

/**
 * Sees everything that takes effect, the moment it does, and holds it against the invariants. Its books are its own:
 * it takes nothing from the code under test but what that code wrote.
 */
export class Judge {
  readonly histories = new Map<TaskId, History>();
  readonly answers = new Map<string, TaskOutcome[]>();
  readonly requests: Requests;
  readonly uploads = new Map<string, UploadHistory>();
  /** The first violation; what comes after it means nothing. */
  violation: Violation | null = null;
  #observations = 0;

  /** What stands between a message and a turn. */
  readonly gate: GateBooks;
  /** What was held and billed by tenant, agent and day. */
  readonly days: DayBooks;

  /** What only the worlds of single areas have. */
  readonly areas: AreaBooks;
  readonly #plan: Plan;
  readonly #now: () => number;

  /** @param now simulated time, in milliseconds */
  constructor(plan: Plan, now: () => number) {
    const { orders } = plan;
    this.#plan = plan;
    this.#now = now;
    this.gate = new GateBooks(this, plan, now);
    this.areas = new AreaBooks(this, plan);
    this.days = new DayBooks(plan);
    this.requests = new Map(orders.flatMap((order) => (order.kind === 'object' ? [[order.token, order.request]] : [])));
  }

  /** Counts what was observed, to tell before from after. */
  get observations(): number {
    return this.#observations;
  }

  /** A task's short name in the trace. */
  aliasOf(id: string): string {
    return this.histories.get(id as TaskId)?.alias ?? id;
  }

  created(task: Task): void {
    this.#observe(() => {
      checkCreated(task, this.histories.values());
      checkChildCreated(task, this.histories);
      this.histories.set(task.id, newHistory(task, `t${this.histories.size + 1}`));
    });
  }

  written(after: Task, by: Actor, faults: number): void {
    const history = this.histories.get(after.id);
    if (!history) return;
    this.#observe(() => {
      for (const part of partsOf(history, history.task, after, by)) this.#judge(history, part, by, faults);
    });
  }

  #judge(history: History, after: Task, by: Actor, faults: number): void {
    const write: TaskWrite = { plan: this.#plan, history, before: history.task, after, by, faults };
    checkFencing(write);
    checkEnds(write);
    checkSteps(write);
    checkHead(write);
    checkThrottling(write);
    checkLost(write);
    checkNotified(write, this.answers);
    checkRequeue(write);
    this.gate.check(write);
    if (this.#plan.rollout) checkVersions(write, this.#plan);
    this.areas.check(write);
    this.#note(write);
    checkMoney(history);
  }

  stepWritten(step: Step): void {
    const history = this.histories.get(step.taskId);
    if (!history) return;
    this.#observe(() => {
      if (this.areas.concludedBefore(history, step)) return;
      checkStepWritten(history, step);
      if (step.kind === 'tool') checkToolStep(history, step);
      history.steps.set(`${step.index}/${step.epoch}`, step);
    });
  }

  /** The step of this task that an actor reserved last; asked when it makes a call. @param place `<task>/<step>` */
  reservedBy(place: string, by: Actor): number | null {
    return by.reserved.get(placeOf(place).id) ?? null;
  }

  modelCalled({ id, index, by, reserved, bill, timeoutMs, leftMs, knewOfCancel, ...said }: ModelCall): void {
    const history = this.histories.get(id);
    if (!history) return;
    const { messages, isSummary } = said;
    this.#observe(() => {
      if (isSummary) this.areas.turns.summaryAsked(`${id}/${index}`, messages);
      this.areas.governor.called(history.task.priority === 'high', by, this.#now(), by.machine.clock.now());
      checkCall(index, reserved, by);
      checkTimeout(timeoutMs, leftMs, by);
      if (!isSummary) this.gate.checkContext(history, messages, by);
      expectThat(!knewOfCancel, 'I1.4', () => `${by.name} knew of the request to cancel, and called the model`);
      if (bill) this.#bill(history, bill);
    });
  }

  /** The provider bills an answer that came in a batch. */
  bill(id: TaskId, bill: Bill): void {
    const history = this.histories.get(id);
    if (history) this.#observe(() => this.#bill(history, bill));
  }

  #bill(history: History, bill: Bill): void {
    const { input, output, cacheRead, cacheWrite } = bill.usage;
    const tokens = input + output + cacheRead + cacheWrite;
    history.billed.tokens += tokens;
    history.billed.usd += bill.usd;
    history.ledger.set(bill.requestId, bill);
    this.days.billed(history, { usd: bill.usd, tokens });
    checkMoney(history);
    checkTreeBilled(history, this.histories);
  }

  toolRan({ key, input, digest, reserved, by }: ToolRun): void {
    const { id, index } = placeOf(key);
    const history = this.histories.get(id);
    this.#observe(() => {
      if (!history) throw new Violation('I3.6', `a tool runs under the key ${key}, which names no task`);
      checkCall(index, reserved, by);
      checkToolKey(history, key, input);
      checkToolAudited(history, index, by.epochs.get(id), digest);
      history.toolInputs.set(key, input);
    });
  }

  audited(entry: AuditEntry): void {
    const history = this.histories.get(entry.taskId as TaskId);
    if (!history) return;
    this.#observe(() => {
      checkEntry(history, entry);
      const key = entryKey(entry.step, entry.epoch, entry.phase);
      if (!history.audit.has(key)) history.audit.set(key, entry);
    });
  }

  answered(token: string, outcome: TaskOutcome, by: Actor): void {
    this.#observe(() => {
      checkAnswer(this.histories.get(outcome.taskId as TaskId), token, outcome, by, this);
      this.answers.set(token, [...(this.answers.get(token) ?? []), outcome]);
    });
  }

  /** A callback was put on its queue. */
  calledBack(callback: CallbackMessage, by: Actor): void {
    const history = this.histories.get(callback.taskId);
    this.#observe(() => {
      checkCallback(history, callback, by);
      if (history) history.callback ??= callback;
    });
  }

  /** A message was put on the queue. @param count messages of the same task there are now */
  sent(message: WorkMessage, count: number): void {
    if (message.type === 'task') this.#observe(() => checkPopulation(this.aliasOf(message.taskId), count));
  }

  /** A task's message was sent by somebody, at a simulated time. */
  resent(id: TaskId, by: Actor, now: number): void {
    const history = this.histories.get(id);
    if (history) this.gate.sent(history, by);
    if (!history || by.role !== 'sweeper') return;
    // A sweeper that something went wrong with, be it after it sent, may not have noted it.
    history.resent = [...history.resent, { at: now, by }].filter((sent) => sent.by.machine.faults === 0);
    this.#observe(() => checkResent(history.alias, history.resent));
  }

  /** A worker is done with a message. */
  letGo(message: WorkMessage, by: Actor): void {
    const history = message.type === 'task' ? this.histories.get(message.taskId) : this.#waitedFor(message.taskToken);
    this.#observe(() => checkLetGo(history, message, by, this.answers));
    if (history) this.gate.letGo(history, by);
    if (history) this.areas.letGo(history, by);
  }

  /** A worker leaves a message to come back. */
  kept(message: WorkMessage, by: Actor): void {
    const history = message.type === 'task' ? this.histories.get(message.taskId) : undefined;
    if (history) this.#observe(() => checkKept(history, by));
  }

  /** A message is received by somebody else than who received it last. */
  receivedAgain(last: Actor): void {
    for (const id of last.epochs.keys()) {
      const history = this.histories.get(id);
      if (history) this.#observe(() => checkHidden(history, last));
    }
  }

  /** A worker's code threw. */
  gaveUp(by: Actor): void {
    for (const id of by.epochs.keys()) {
      const history = this.histories.get(id);
      if (history) this.#observe(() => checkGivenUp(history, by));
    }
  }

  buried(message: WorkMessage, by: Actor): void {
    const history = message.type === 'task' ? this.histories.get(message.taskId) : undefined;
    this.#observe(() => checkBuried(history, message, by, this.answers));
  }

  /** A failure that is no throttle was shown to somebody who works on the task. */
  failed(id: TaskId, by: Actor): void {
    const history = this.histories.get(id);
    by.failures += 1;
    if (!history) return;
    history.failures += 1;
    history.everFailed += 1;
  }

  /** The newest call of a step failed. */
  callFailed(id: TaskId, index: number, by: Actor): void {
    const begun = this.histories.get(id)?.begun.get(index);
    if (begun?.actor === by) begun.failed = true;
  }

  uploadWritten(before: Upload, after: Upload, by: Actor): void {
    const history = this.uploads.get(after.id);
    if (!history) return;
    this.#observe(() => {
      checkRound(history, before, after, by);
      history.upload = after;
    });
  }

  runStarted(uploadId: string, name: string, now: number): void {
    this.#observe(() => {
      const history = this.uploads.get(uploadId);
      if (!history) throw new Violation('U2', `a run of ${uploadId}, which is no upload`);
      if (!history.runs.has(name)) history.runs.set(name, now);
      checkRunStarted(history, name, now);
    });
  }

  /** The upload's manifest as S3 returns it. */
  manifestNow(uploadId: string, now: number): { readonly text: string; readonly etag: string } | null {
    const history = this.uploads.get(uploadId);
    return history ? manifestAt(history, now) : null;
  }

  /** Holds something against the invariants; only the first violation counts. */
  observe(check: () => void): void {
    this.#observe(check);
  }

  /** The newest task that a token waits for, or was answered for. */
  #waitedFor(token: string): History | undefined {
    const waiting = [...this.histories.values()].findLast(({ task }) => task.waiters.includes(token));
    if (waiting) return waiting;
    const answer = this.answers.get(token)?.findLast(({ taskId }) => this.histories.has(taskId as TaskId));
    return answer && this.histories.get(answer.taskId as TaskId);
  }

  #note({ history, before, after, by, faults }: TaskWrite): void {
    history.writtenAt = this.#observations;
    if (by.role !== 'sweeper') history.resent = [];
    if (isAtRest(before) || isAtRest(after)) history.restedAt = this.#observations;
    if (after.state.status === 'running' && after.state.cancelRequested) history.cancelAsked = true;
    if (after.epoch > before.epoch) {
      history.claims.set(after.epoch, by);
      by.epochs.set(history.id, after.epoch);
      const { reservation } = after;
      const finished = reservation && history.steps.has(`${reservation.step}/${reservation.epoch}`);
      history.toAdopt = finished ? reservation.step : null;
    }
    if (after.steps.length > before.steps.length) {
      // What failed in the writer's own turn may still be parked for.
      history.failures = by.failures;
      history.toAdopt = null;
    }
    if (after.reservation && JSON.stringify(after.reservation) !== JSON.stringify(before.reservation)) {
      history.begunEpoch = after.epoch;
      const { step } = after.reservation;
      by.reserved.set(history.id, step);
      history.begun.set(step, { actor: by, faults, failed: false });
    }
    const isOwn = by.role === 'worker' && by.epochs.get(history.id) === after.epoch;
    if (isOwn && after.state.status === 'running' && after.state.cancelRequested) by.sawCancel = true;
    const isNewlyParked = before.state.status !== 'parked' || after.epoch > before.epoch;
    if (after.state.status === 'parked' && isNewlyParked) Object.assign(history, { parkedBy: by, parkedAt: by.latest });
    history.task = after;
  }

  #observe(check: () => void): void {
    this.#observations += 1;
    if (this.violation) return;
    try {
      check();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violation = error;
    }
  }
}
