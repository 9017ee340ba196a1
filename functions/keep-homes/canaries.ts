import type { Regions } from '#adapters/aws/regions.ts';
import { agentCard } from '#core/agents/agent-card.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { canaryAgent } from '#core/regions/canary-agent.ts';
import { canaryId } from '#core/regions/canary.ts';
import { newTask } from '#core/tasks/submit.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { isTerminal } from '#core/tasks/task.ts';

export interface CanariesOptions {
  readonly store: Pick<TaskStore, 'create' | 'get'>;
  readonly queue: Pick<TaskQueue, 'send'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'uuid'>;
  readonly regions: Regions;
}

/** The tenant of canaries. It has no key. */
const TENANT = 'fleet';
/** Canaries that are asked for: older ones have failed. */
const MOST_OPEN = 6;

/** Submits canaries, and finds out which have ended. */
export class Canaries {
  readonly #options: CanariesOptions;
  #open: { readonly id: TaskId; readonly acceptedAt: number }[] = [];

  constructor(options: CanariesOptions) {
    this.#options = options;
  }

  /** Accepts a canary as any task: its item, then its message. */
  async start(): Promise<void> {
    const { store, queue, clock, ids, regions } = this.#options;
    const id = canaryId(regions.index, ids.uuid(), regions.names);
    const { name, version, budget, deadline } = agentCard(canaryAgent);
    const acceptedAt = clock.now();
    const task = newTask(id, {
      tenant: TENANT,
      agent: name,
      agentVersion: version,
      priority: 'high',
      input: {},
      budget,
      createdAt: acceptedAt,
      deadline: acceptedAt + deadline * 1_000,
      request: { id, retry: 0 },
    });
    await store.create(task);
    await queue.send(task);
    this.#open = [...this.#open, { id, acceptedAt }].slice(-MOST_OPEN);
  }

  /** When the newest canary that has succeeded was accepted. Null if none of those that this process knows has. */
  async newestDone(): Promise<number | null> {
    const { store } = this.#options;
    const read = await Promise.all(this.#open.map(async (canary) => ({ ...canary, task: await store.get(canary.id) })));
    const done = read.filter(
      ({ task }) => task !== null && isTerminal(task.state) && task.state.status === 'succeeded',
    );
    const newest = Math.max(...done.map(({ acceptedAt }) => acceptedAt));
    this.#open = this.#open.filter(({ acceptedAt }) => !(acceptedAt <= newest));
    return done.length === 0 ? null : newest;
  }
}
