import type { Priority } from '#core/tasks/task.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { WorkMessage } from '#core/tasks/work-message.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import { expectThat } from '../../checks/violation.ts';
import { describeMessage } from '../describe.ts';
import type { Surroundings } from '../surroundings.ts';

export interface Message {
  readonly id: number;
  readonly body: WorkMessage;
  readonly priority: Priority;
  visibleAt: number;
  receives: number;
  /** The actor that received it last. */
  heldBy: Actor | null;
}

/** One receipt of a message. It is stale once the message is received again. */
export interface Receipt {
  readonly message: Message;
  readonly receives: number;
}

/**
 * A pool's queues: delays and visibility in whole seconds, receive counts, a dead-letter queue. Delivers in any order.
 * The seed decides whether a message arrives twice or expires unread.
 */
export class SimulatedQueue {
  readonly #messages = new Set<Message>();
  readonly #world: Surroundings;
  readonly #arrived: () => void;
  readonly #judge: Judge;
  #count = 0;
  readonly dead: Message[] = [];

  /** @param arrived called when a message becomes visible */
  constructor(world: Surroundings, judge: Judge, arrived: () => void) {
    this.#world = world;
    this.#judge = judge;
    this.#arrived = arrived;
  }

  get empty(): boolean {
    return this.#messages.size === 0 && this.dead.length === 0;
  }

  /** When the last message becomes visible. */
  get lastVisibleAt(): number {
    return Math.max(0, ...[...this.#messages].map(({ visibleAt }) => visibleAt));
  }

  put(body: WorkMessage, priority: Priority, delayMs = 0): void {
    const { chance, plan, faulty, scheduler, trace } = this.#world;
    const copies = faulty && chance.hits(plan.duplicates) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late = copy * chance.next() * 60_000 + (faulty && chance.hits(0.2) ? chance.next() * 5_000 : 0);
      const message = { id: (this.#count += 1), body, priority, visibleAt: 0, receives: 0, heldBy: null };
      this.#messages.add(message);
      this.#judge.sent(body, [...this.#messages].filter((other) => isSame(other.body, body)).length);
      if (copy > 0) trace.add('queue', 'DUPLICATE', () => `of ${this.describe(message)}`);
      this.#showAt(message, scheduler.now + wholeSeconds(delayMs) + late);
    }
  }

  describe({ id, body }: Message): string {
    return `m${id} (${describeMessage(body, (taskId) => this.#judge.aliasOf(taskId))})`;
  }

  /** Receives any visible messages, and hides them for the queue's visibility timeout. */
  receive(most: number): readonly Receipt[] {
    const { chance, plan, faulty, scheduler, trace } = this.#world;
    const receipts: Receipt[] = [];
    const visible = [...this.#messages].filter(({ visibleAt }) => visibleAt <= scheduler.now);
    while (visible.length > 0 && receipts.length < most) {
      const [message] = visible.splice(Math.floor(chance.next() * visible.length), 1);
      if (!message) break;
      if (faulty && message.body.type === 'task' && chance.hits(plan.expiry)) {
        this.#messages.delete(message);
        trace.add('queue', 'EXPIRES', () => this.describe(message));
        continue;
      }
      if (message.heldBy) this.#judge.receivedAgain(message.heldBy);
      message.receives += 1;
      if (message.receives > plan.maxReceives) {
        this.#messages.delete(message);
        this.dead.push(message);
        trace.add('queue', 'DEAD LETTER', () => this.describe(message));
        continue;
      }
      this.#showAt(message, scheduler.now + plan.visibilityMs);
      receipts.push({ message, receives: message.receives });
    }
    return receipts;
  }

  /** Deletes by receipt. A stale receipt may or may not delete (SQS, "DeleteMessage"). */
  delete({ message, receives }: Receipt): void {
    if (message.receives === receives || this.#world.chance.hits(0.5)) this.#messages.delete(message);
  }

  /** The receipt as the worker's code sees it. */
  received(actor: Actor, { message, receives }: Receipt): { extend(ms: number): Promise<void> } {
    const { scheduler } = this.#world;
    return {
      extend: (ms) =>
        actor.call('message.extend', () => {
          const ours =
            message.receives === receives && this.#messages.has(message) && message.visibleAt > scheduler.now;
          if (ours) this.#showAt(message, scheduler.now + wholeSeconds(ms));
        }),
    };
  }

  /** The queue as one actor reaches it, to send. */
  sender(actor: Actor): TaskQueue {
    return {
      serves: async () => true,
      send: (task, delayMs = 0) => {
        this.#judge.observe(() =>
          expectThat(
            delayMs >= 0 && delayMs <= 900_000,
            'S2',
            () => `a message has a delay of ${delayMs} ms, which SQS rejects`,
          ),
        );
        return actor.call('queue.send', () => {
          this.#world.trace.add(
            actor.name,
            'queue.send',
            () =>
              `${this.#judge.aliasOf(task.id)}${task.opensSession ? ', which opened its session' : ''}${delayMs > 0 ? `, visible in ${wholeSeconds(delayMs) / 1_000} s` : ''}`,
          );
          actor.sent.add(task.id);
          this.#judge.resent(task.id, actor, this.#world.scheduler.now);
          this.put({ type: 'task', taskId: task.id, opensSession: task.opensSession }, task.priority, delayMs);
        });
      },
    };
  }

  #showAt(message: Message, at: number): void {
    message.visibleAt = at;
    this.#world.scheduler.at(at, () => {
      if (message.visibleAt !== at || !this.#messages.has(message)) return 'idle';
      return this.#arrived();
    });
  }
}

const isSame = (a: WorkMessage, b: WorkMessage): boolean =>
  a.type === 'task' && b.type === 'task' && a.taskId === b.taskId;

const wholeSeconds = (ms: number): number => Math.ceil(ms / 1_000) * 1_000;
