import { FailureError } from '../failures/failure.ts';
import { RENEW_EVERY_MS, renew } from '../tasks/claim.ts';
import { apply } from '../tasks/apply.ts';
import { refused, type Transition } from '../tasks/transition.ts';
import type { Task } from '../tasks/task.ts';
import { UsageTally } from '../ending/usage-tally.ts';
import type { ReceivedMessage } from '../ports/task-queue.ts';
import type { Session, SessionPolicy } from '../sessions/session.ts';
import { reportClaim, type OwedClaim } from './owed-claim.ts';
import { endingWith, hasCommit, seenWith, withCommit, type OwedStep } from './owed-step.ts';
import type { WorkerPorts } from './ports.ts';

/** The claim was taken over: nothing that this worker still does may count (I2). */
export class ClaimLost extends Error {
  constructor() {
    super('Another worker holds the task now.');
    this.name = 'ClaimLost';
  }
}

/** The messages of an invocation that are hidden within this time share a request. */
export const SHARED_WITHIN_MS = 200;

/** An owed claim could not be written: somebody else was first. The worker has done nothing that counts, and may start over. */
export class ClaimRejected extends ClaimLost {}

/**
 * A worker's hold on one task.
 * 1. Its writes are made one after the other, each decided on the state the one before left.
 *    The commit of a step is part of the next one, and an owed claim part of the first. Until then the worker sees them.
 * 2. A refusal for a newer epoch or an ended task throws `ClaimLost` and aborts what is under way.
 * 3. A request to cancel and the deadline abort what is under way too, and the task ends: a model call stays charged, and
 *    a tool that does not listen is given up. Each heartbeat looks for both.
 */
export class TaskHandle {
  /** As it was written last. */
  #task: Task;
  #claim: OwedClaim | null;
  #owed: OwedStep | null = null;
  /** Why a step can never be stored: the task can only end. */
  #unstorable: FailureError | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #ports: WorkerPorts;
  readonly #stopped = new AbortController();
  #wasPastDeadline = false;
  readonly epoch: number;
  /** False once the gate found the pool in no step. Until then the task may have a permit, or was woken to acquire one. */
  inStep = true;
  /** The task's session as the gate read it, which is enough to leave it unless somebody has changed it since. */
  session: Session | null = null;
  /** What the message says of the session. */
  opensSession: SessionPolicy | undefined;
  /** When the gate began to read it, or the task opened it. */
  sessionSeenAt = -Infinity;
  /** What this turn adds to the usage counters. */
  readonly usage: UsageTally;

  /** @param owed the claim, where it is not written yet */
  constructor(ports: WorkerPorts, claimed: Task, owed: OwedClaim | null = null) {
    this.#ports = ports;
    this.#task = owed?.found ?? claimed;
    this.#claim = owed;
    this.epoch = claimed.epoch;
    this.usage = new UsageTally(ports, claimed);
  }

  /** As its worker sees it. */
  get task(): Task {
    const task = this.#claim?.claimed ?? this.#task;
    return this.#owed === null ? task : seenWith(this.#owed, task);
  }

  /** Fires when the claim is lost, the task is to be cancelled, or its deadline has passed. Passed to models and tools. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  get cancelRequested(): boolean {
    return this.#task.state.status === 'running' && this.#task.state.cancelRequested;
  }

  /** For good, even if the clock is set back: what was aborted for the deadline did not fail. */
  get isPastDeadline(): boolean {
    this.#wasPastDeadline ||= this.#ports.clock.now() >= this.#task.deadline;
    return this.#wasPastDeadline;
  }

  /**
   * Writes a transition; `unchanged` is not an error. Throws `ClaimLost`, and `FailureError` after a step that cannot be
   * stored.
   */
  update(transition: Transition): Promise<Task> {
    return this.#next(() => {
      if (this.#unstorable !== null) throw this.#unstorable;
      return this.#write(transition);
    });
  }

  /** Writes what the turn comes to. A step that cannot be stored is left out: its reservation stays charged. */
  conclude(transition: Transition): Promise<Task> {
    return this.#next(() => this.#write(transition));
  }

  #next(work: () => Promise<Task>): Promise<Task> {
    const write = this.#tail.then(work);
    this.#tail = write.catch(() => undefined);
    return write;
  }

  /** Commits a step with the next write. An end takes the step with it; before any other write it is stored by itself. */
  owe(step: OwedStep): void {
    this.#owed = step;
  }

  /** Begins to store what is owed, since the task goes on. The next write waits for it. */
  storeOwed(): void {
    const owed = this.#owed;
    if (owed === null || owed.stored !== null) return;
    owed.stored = this.#ports.store.putStep(owed.step);
    owed.stored.catch(() => undefined);
  }

  /** Commits what is owed, before something that takes long. */
  async settle(): Promise<void> {
    if (this.#owed !== null || this.#claim !== null) await this.update((task) => refused(task, 'unchanged'));
  }

  /** Writes an owed claim, before something that others see. */
  async writeClaim(): Promise<void> {
    if (this.#claim !== null) await this.settle();
  }

  /** Renews lease and message together until the returned function is called. */
  keepAlive(message: ReceivedMessage, leaseMs: number): () => void {
    const { clock } = this.#ports;
    const hide = () => message.extend(leaseMs, SHARED_WITHIN_MS);
    return clock.every(RENEW_EVERY_MS, () => {
      const renewed = this.update((task) => renew(task, this.epoch, clock.now())).then(hide);
      // The next renewal retries a failed one. A lost claim has already aborted the work.
      renewed.catch(() => undefined);
      if (this.isPastDeadline) this.#stopped.abort();
    });
  }

  async #write(transition: Transition): Promise<Task> {
    const [claim, owed] = [this.#claim, this.#owed];
    const change = [owed, claim].reduce((whole, part) => (part ? withCommit(part, whole) : whole), transition);
    const decision = await apply(this.#ports.store, this.#task, change, (next) =>
      owed === null ? next : this.#withStep(owed, next),
    );
    this.#task = decision.task;
    if (claim !== null && hasCommit(decision)) this.#claimed(claim.claimed);
    if (owed !== null && hasCommit(decision)) this.#committed(owed);
    if (!decision.ok && decision.refusal !== 'unchanged') {
      this.#stopped.abort();
      throw claim === null ? new ClaimLost() : new ClaimRejected();
    }
    if (this.cancelRequested) this.#stopped.abort();
    return this.task;
  }

  /** A step is in the store before or with the write that counts it (I3). */
  async #withStep(owed: OwedStep, next: Task): Promise<Task> {
    const ended = endingWith(owed, next);
    if (ended) return ended;
    this.storeOwed();
    try {
      await owed.stored;
      return next;
    } catch (error) {
      owed.stored = null;
      // Such as one that is too large.
      if (error instanceof FailureError) [this.#owed, this.#unstorable] = [null, error];
      throw error;
    }
  }

  #claimed(claimed: Task): void {
    this.#claim = null;
    reportClaim(this.#ports, claimed);
  }

  #committed(owed: OwedStep): void {
    if (this.#owed === owed) this.#owed = null;
    owed.onCommitted?.();
  }
}
