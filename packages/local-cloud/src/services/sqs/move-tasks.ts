import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { QueueStore } from './store.ts';

export interface MoveTask {
  readonly handle: string;
  readonly source: Queue;
  readonly destinationArn: string | undefined;
  readonly perSecond: number | undefined;
  readonly startedAt: number;
  /** Messages visible in the source when the task started. */
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failure: string | undefined;
}

/** Messages that a task without a rate limit moves per turn of the event loop. */
const PER_TURN = 500;

/**
 * Redrives of dead-letter queues.
 *
 * 1. A queue has at most one running task.
 * 2. A message leaves one queue and enters the other in the same turn, so in one transaction. In the destination it is a
 *    new message with a new id and enqueue time and no receives.
 * 3. A task does not survive the process. Messages it has not moved stay in the source queue for a new task.
 */
export class MoveTasks {
  readonly #store: QueueStore;
  /** The last ten tasks of each queue, newest first. */
  readonly #tasks = new Map<string, MoveTask[]>();
  readonly #timers = new Map<MoveTask, NodeJS.Timeout>();

  constructor(store: QueueStore) {
    this.#store = store;
  }

  start(source: Queue, destinationArn: string | undefined, perSecond: number | undefined): MoveTask {
    const before = this.of(source);
    if (before[0]?.status === 'RUNNING') {
      throw new ServiceError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue.',
      );
    }
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64'),
      source,
      destinationArn,
      perSecond,
      startedAt: this.#store.now(),
      toMove: source.counts().visible,
      moved: 0,
      status: 'RUNNING',
      failure: undefined,
    };
    this.#tasks.set(source.arn, [task, ...before].slice(0, 10));
    this.#schedule(task, 0);
    return task;
  }

  of(source: Queue): readonly MoveTask[] {
    return this.#tasks.get(source.arn) ?? [];
  }

  /** Stops a running task. Returns undefined when no running task has this handle. */
  cancel(handle: string): MoveTask | undefined {
    const task = [...this.#timers.keys()].find((running) => running.handle === handle);
    if (task !== undefined) this.#end(task, 'CANCELLED');
    return task;
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(task: MoveTask, delay: number): void {
    this.#timers.set(
      task,
      setTimeout(() => this.#move(task), delay),
    );
  }

  #end(task: MoveTask, status: MoveTask['status']): void {
    clearTimeout(this.#timers.get(task));
    this.#timers.delete(task);
    task.status = status;
  }

  #move(task: MoveTask): void {
    for (let count = 0; count < (task.perSecond ?? PER_TURN); count++) {
      if (task.moved === task.toMove) return this.#end(task, 'COMPLETED');
      const outcome = task.source.moveOut((message) => this.#send(task, message));
      if (outcome === 'empty') return this.#end(task, 'COMPLETED');
      if (outcome === 'no-destination') {
        task.failure = 'CouldNotDetermineMessageSource';
        return this.#end(task, 'FAILED');
      }
      task.moved++;
    }
    this.#schedule(task, task.perSecond === undefined ? 0 : 1000);
  }

  #send(task: MoveTask, message: Message): boolean {
    const destination = this.#store.byArn(task.destinationArn ?? message.sourceArn ?? '');
    if (destination === undefined) return false;
    this.#store.send(destination, message.content, 0);
    return true;
  }
}
