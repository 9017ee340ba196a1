import type { ModelMessage } from '#core/ports/model.ts';
import { FLEET, type Hold, type Pool } from '#core/pools/pool.ts';
import type { Session } from '#core/sessions/session.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import type { Permits } from '#core/tenants/permits.ts';
import type { Actor } from '../world/actor.ts';
import { EPOCH } from '../world/machine.ts';
import { isCalm, type Plan } from '../world/plan.ts';
import { isTerminal, same, type History, type TaskWrite } from './history.ts';
import { checkBegun, checkSentBack, checkStep, isSameState, type PoolHistory } from './pools.ts';
import {
  checkAccepted,
  checkContext,
  checkFirst,
  checkLeft,
  checkLookedAt,
  checkNextWoken,
  checkParked,
  checkSession,
  sessionOf,
  type SessionHistory,
} from './sessions.ts';
import { checkCap, checkPermits, checkWoken } from './tenants.ts';
import { isForgetting } from './turns.ts';

/** What the judge knows of the world, as these books need it. */
export interface Seen {
  readonly histories: ReadonlyMap<TaskId, History>;
  readonly observations: number;
  observe(check: () => void): void;
}

/** The judge's books of what stands between a message and a turn: sessions, permits, the pool. */
export class GateBooks {
  readonly #seen: Seen;
  readonly #now: () => number;
  readonly #cap: number | undefined;
  readonly #sessions = new Map<string, SessionHistory>();
  readonly #permits = new Map<string, Permits>();
  /** When somebody last came to be first in a session, or a permit of a tenant changed hands. */
  readonly #wokenAt = new Map<string, number>();
  /** Something went wrong, so that some may be left to the sweeper. */
  disturbed: boolean;
  /** The pool, the fleet and each tenant as they are stored, by `pool`, `fleet` and `tenant <name>`; none was never written. */
  readonly #holds = new Map<string, PoolHistory>();
  /** Clocks that are wrong end a step early, so its limit is not judged. */
  readonly #judgesSteps: boolean;
  readonly #inSteps: boolean;

  /** @param now simulated time, in milliseconds */
  constructor(seen: Seen, plan: Plan, now: () => number) {
    this.#seen = seen;
    this.#now = now;
    this.#cap = plan.cap;
    this.#judgesSteps = plan.skewMs === 0;
    this.#inSteps = plan.pause?.steps !== undefined;
    // A step that ends wakes nobody.
    this.disturbed = !isCalm(plan) || this.#inSteps;
  }

  /** Whether anything was ever paused, or in trouble. */
  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  get isPaused(): boolean {
    return [...this.#holds.values()].some(({ pool }) => pool.state.status === 'paused');
  }

  /** Whether the pool or the fleet was paused before an actor began, so that it must know. */
  wasPausedBefore(by: Actor): boolean {
    const held = ['pool', 'fleet'].flatMap((key) => this.#holds.get(key) ?? []);
    return held.some(({ pool, sinceObservation }) => pool.state.status === 'paused' && sinceObservation < by.since);
  }

  /** What holds the tasks of a tenant. */
  #holdsOf(tenant: string): readonly PoolHistory[] {
    return ['pool', 'fleet', `tenant ${tenant}`].flatMap((key) => this.#holds.get(key) ?? []);
  }

  #checkHolds(write: TaskWrite): void {
    const { tenant, id } = write.after;
    for (const hold of this.#holdsOf(tenant)) {
      checkBegun(write, hold);
      if (!this.#judgesSteps || !hold.pool.ramp) continue;
      const atWork = [...this.#seen.histories.values()].filter(
        ({ task, begunEpoch }) =>
          task.id !== id &&
          task.state.status === 'running' &&
          begunEpoch === task.epoch &&
          (!hold.what.startsWith('tenant') || task.tenant === tenant),
      );
      checkStep(write, hold, EPOCH + this.#now(), atWork);
    }
  }

  /** Before a write of a task is noted. */
  check(write: TaskWrite): void {
    const { before, after, by } = write;
    checkFirst(write, this.#sessions);
    this.#checkHolds(write);
    if (this.#cap !== undefined) checkCap(write, this.#cap, this.#permits, this.#seen.histories);
    checkNextWoken(write, this.#sessions, this.#seen.histories);
    checkLookedAt(write, EPOCH + this.#now(), this.#seen.histories);
    // Whoever waited for it is the sweeper's then.
    if (by.role !== 'worker' && isTerminal(after.state) && !isTerminal(before.state)) this.disturbed = true;
    if (after.epoch > before.epoch) write.history.claimedAt = by.firstRead.get(after.id)?.at ?? this.#now();
  }

  checkContext(history: History, messages: readonly ModelMessage[], by: Actor): void {
    const known = this.#sessions.get(history.task.sessionId ?? '');
    // A worker that read the session before it was forgotten goes on with what it read.
    if ((known?.forgottenAt ?? -1) < by.since) checkContext(history, messages, by, this.#sessionOf(history.task));
  }

  /** A task's message was sent. */
  sent(history: History, by: Actor): void {
    this.#seen.observe(() => {
      for (const hold of this.#holdsOf(history.task.tenant)) checkSentBack(history, by, hold);
      if (!this.disturbed) checkWoken(history, by, this.#wokenAt);
    });
  }

  letGo(history: History, by: Actor): void {
    this.#seen.observe(() => {
      checkParked(history, by, this.#sessions);
      checkLeft(history, by, this.#sessions);
    });
  }

  /** A client was told that its task is accepted. */
  accepted(id: TaskId): void {
    const history = this.#seen.histories.get(id);
    if (history) this.#seen.observe(() => checkAccepted(history, this.#sessionOf(history.task)));
  }

  sessionWritten(before: Session | null, after: Session, by: Actor): void {
    this.#seen.observe(() => {
      checkSession(before, after, this.#seen.histories);
      const was = this.#sessions.get(after.id);
      const stays = was !== undefined && was.session.waiting[0] === after.waiting[0];
      const first = stays ? was : { firstSince: this.#seen.observations, firstBy: by };
      if (!stays) this.#wokenAt.set(`session ${after.id}`, by.machine.clock.now());
      const enteredAt = new Map(was?.enteredAt);
      for (const id of after.waiting) if (!before?.waiting.includes(id)) enteredAt.set(id, this.#seen.observations);
      const forgets = before !== null && isForgetting(before, after, by);
      const forgottenAt = forgets ? this.#seen.observations : (was?.forgottenAt ?? -1);
      this.#sessions.set(after.id, { ...first, enteredAt, forgottenAt, session: after });
    });
  }

  permitsWritten(after: Permits, by: Actor): void {
    this.#seen.observe(() => {
      this.#wokenAt.set(`tenant ${after.tenant}`, by.machine.clock.now());
      // Permits of steps have limits of their own (B4).
      const ofStep = after.tenant.startsWith('pool/') || (this.#inSteps && this.#cap === undefined);
      if (!ofStep) checkPermits(this.#permits.get(after.tenant), after, this.#cap);
      this.#permits.set(after.tenant, after);
    });
  }

  poolWritten(after: Pool): void {
    if (after.agent !== FLEET) this.#holdWritten('pool', after);
    else {
      this.#holdWritten('fleet', after);
      for (const [name, hold] of Object.entries(after.tenants ?? {})) this.#holdWritten(`tenant ${name}`, hold);
    }
    this.#seen.observe(() => undefined);
  }

  #holdWritten(what: string, after: Hold): void {
    const was = this.#holds.get(what);
    const now = { since: this.#now(), sinceObservation: this.#seen.observations };
    const stays = was !== undefined && isSameState(was.pool, after);
    const { since, sinceObservation } = stays ? was : now;
    const rampSince = was !== undefined && same(was.pool.ramp, after.ramp) ? was.rampSince : now.since;
    this.#holds.set(what, { pool: after, what, since, sinceObservation, rampSince });
  }

  #sessionOf(task: Task): Session | null {
    return sessionOf(task, this.#sessions);
  }
}
