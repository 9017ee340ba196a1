import type { Usage } from '#core/models/price.ts';
import type { Step } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Actor } from '../world/actor.ts';
import type { Plan } from '../world/plan.ts';
import { CourierBooks } from './couriers.ts';
import { DeskBooks } from './desk.ts';
import { EconomyBooks } from './economy.ts';
import type { GateBooks } from './gate-books.ts';
import { GovernorBooks } from './governor.ts';
import type { History, TaskWrite } from './history.ts';
import { checkCancel, checkCancelled, checkDayRefusal, checkSwept } from './stops.ts';
import { checkNotLeft, checkResults, checkTree } from './trees.ts';
import { checkSummaries, TurnBooks } from './turns.ts';
import { StreamBooks } from './streams.ts';
import { checkUpgrades } from './upgrades.ts';

interface Seen {
  readonly observations: number;
  readonly histories: ReadonlyMap<TaskId, History>;
  readonly gate: Pick<GateBooks, 'wasPausedBefore'>;
  observe(check: () => void): void;
  bill(id: TaskId, bill: { readonly requestId: string; readonly usage: Usage; readonly usd: number }): void;
  failed(id: TaskId, by: Actor): void;
}

/** The judge's books of single areas. */
export class AreaBooks {
  readonly economy: EconomyBooks;
  readonly turns: TurnBooks;
  readonly desk = new DeskBooks();
  readonly couriers = new CourierBooks();
  readonly governor: GovernorBooks;
  readonly streams: StreamBooks;
  readonly #seen: Seen;
  readonly #plan: Plan;

  constructor(seen: Seen, plan: Plan) {
    this.#seen = seen;
    this.#plan = plan;
    this.economy = new EconomyBooks(seen);
    this.turns = new TurnBooks(plan);
    this.governor = new GovernorBooks(plan);
    this.streams = new StreamBooks(() => seen.observations);
  }

  /** Before a write of a task is noted. */
  check(write: TaskWrite): void {
    this.economy.check(write);
    checkUpgrades(write);
    checkSummaries(write);
    this.desk.checkEnd(write);
    this.governor.checkWrite(write);
    checkTree(write, this.#seen.histories);
    checkCancel(write);
    checkDayRefusal(write, this.#plan);
  }

  /** A worker is done with the message of a task. */
  letGo(history: History, by: Actor): void {
    this.#seen.observe(() => checkNotLeft(history, by));
  }

  /** Whether the result of this delegate step was written before. The first one tells the truth of its children. */
  concludedBefore(history: History, step: Step): boolean {
    const key = `${step.index}/${step.epoch}`;
    if (step.kind !== 'tool' || !history.delegated.has(key)) return false;
    if (history.steps.has(key)) return true;
    checkResults(history, step, this.#seen.histories);
    return false;
  }

  /** An operator was told that a cancel is accepted. */
  cancelled(id: TaskId, by: Actor): void {
    const history = this.#seen.histories.get(id);
    if (history) this.#seen.observe(() => checkCancelled(history, by));
  }

  /** A sweep has ended. @param by who swept; null: it found nothing to do @param startedAt when it began, in milliseconds */
  swept(by: Actor | null, startedAt: number): void {
    this.#seen.observe(() => checkSwept(this.#seen.histories.values(), by, startedAt));
  }

  checkDone(): void {
    this.governor.checkDone();
    this.streams.checkDone();
    const { receivers } = this.#plan.area ?? {};
    if (receivers) this.couriers.checkDone([...this.#seen.histories.values()].map(({ task }) => task));
  }
}
