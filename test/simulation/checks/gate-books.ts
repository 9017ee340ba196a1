import type { ModelMessage } from '#core/ports/model.ts';
import type { Pool } from '#core/pools/pool.ts';
import type { Session } from '#core/sessions/session.ts';
import type { Task, TaskId } from '#core/tasks/task.ts';
import type { Permits } from '#core/tenants/permits.ts';
import type { Actor } from '../world/actor.ts';
import { isCalm, type Plan } from '../world/plan.ts';
import { isTerminal, type History, type TaskWrite } from './history.ts';
import { checkBegun, checkSentBack, isSameState, type PoolHistory } from './pools.ts';
import {
  checkAccepted,
  checkContext,
  checkFirst,
  checkNextWoken,
  checkParked,
  checkSession,
  sessionOf,
  type SessionHistory,
} from './sessions.ts';
import { checkCap, checkPermits, checkWoken } from './tenants.ts';

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
  /** The pool as it is stored; null while it was never written. */
  pool: PoolHistory | null = null;

  /** @param now simulated time, in milliseconds */
  constructor(seen: Seen, plan: Plan, now: () => number) {
    this.#seen = seen;
    this.#now = now;
    this.#cap = plan.cap;
    this.disturbed = !isCalm(plan);
  }

  /** Before a write of a task is noted. */
  check(write: TaskWrite): void {
    const { before, after, by } = write;
    checkFirst(write, this.#sessions);
    if (this.pool) checkBegun(write, this.pool);
    if (this.#cap !== undefined) checkCap(write, this.#cap, this.#permits, this.#seen.histories);
    checkNextWoken(write, this.#sessions, this.#seen.histories);
    // Whoever waited for it is the sweeper's then.
    if (by.role !== 'worker' && isTerminal(after.state) && !isTerminal(before.state)) this.disturbed = true;
    if (after.epoch > before.epoch) write.history.claimedAt = this.#now();
  }

  checkContext(history: History, messages: readonly ModelMessage[], by: Actor): void {
    checkContext(history, messages, by, this.#sessionOf(history.task));
  }

  /** A task's message was sent. */
  sent(history: History, by: Actor): void {
    const { pool } = this;
    this.#seen.observe(() => {
      if (pool) checkSentBack(history, by, pool);
      if (!this.disturbed) checkWoken(history, by, this.#wokenAt);
    });
  }

  letGo(history: History, by: Actor): void {
    this.#seen.observe(() => checkParked(history, by, this.#sessions));
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
      this.#sessions.set(after.id, { ...first, session: after });
    });
  }

  permitsWritten(after: Permits, by: Actor): void {
    this.#seen.observe(() => {
      this.#wokenAt.set(`tenant ${after.tenant}`, by.machine.clock.now());
      checkPermits(this.#permits.get(after.tenant), after, this.#cap);
      this.#permits.set(after.tenant, after);
    });
  }

  poolWritten(after: Pool): void {
    const stays = this.pool !== null && isSameState(this.pool.pool, after);
    const since = stays && this.pool ? this.pool : { since: this.#now(), sinceObservation: this.#seen.observations };
    this.pool = { ...since, pool: after };
    this.#seen.observe(() => undefined);
  }

  #sessionOf(task: Task): Session | null {
    return sessionOf(task, this.#sessions);
  }
}
