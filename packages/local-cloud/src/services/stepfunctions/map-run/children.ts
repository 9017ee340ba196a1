import { randomUUID } from 'node:crypto';
import type { Flow } from '../../../asl/definition.ts';
import type { Frame } from '../../../asl/frame.ts';
import type { Executions } from '../executions.ts';
import type { OpenExecution } from '../open-execution.ts';
import type { Pace } from '../pace.ts';
import type { ExecutionRow } from '../records.ts';
import type { Store } from '../store.ts';
import { concurrencyOf, exceeds, type MapRunSettings } from './settings.ts';

export interface ChildrenOptions {
  readonly store: Store;
  readonly executions: Executions;
  /** Undefined for children whose start rate is not limited. */
  readonly pace: Pace | undefined;
  readonly frame: Frame;
  readonly flow: Flow;
  readonly mapRunArn: string;
  readonly settings: MapRunSettings;
  /** Number of all children and of all items. */
  readonly children: number;
  readonly items: number;
  /** The common fields of every child's row. */
  readonly common: Pick<ExecutionRow, 'machine' | 'revision' | 'role_arn'>;
  executionArn(name: string): string;
}

/**
 * The child executions of one map run.
 *
 * Invariants
 * 1. Children start in the order of their inputs, so the number of rows is the number of the next child.
 * 2. At most as many children run as the concurrency allows, and they start no faster than the pace.
 * 3. Once more items have failed than tolerated, no child starts and all running children are aborted.
 */
export class Children {
  readonly #options: ChildrenOptions;
  readonly #running = new Set<OpenExecution>();
  #started = 0;
  #failedItems = 0;
  #wake: () => void = () => {};

  constructor(options: ChildrenOptions) {
    this.#options = options;
  }

  /** Runs all children to their end. Returns false if there were more failures than tolerated. */
  async run(): Promise<boolean> {
    const { children, settings, pace, frame } = this.#options;
    this.#resume();
    const concurrency = concurrencyOf(settings);
    while (this.#started < children && !this.#exceeded()) {
      if (this.#running.size >= concurrency) {
        await this.#change();
      } else {
        await pace?.take(frame);
        // One start per turn of the event loop, so that many starts do not block everything else.
        await frame.commit();
        if (!this.#exceeded()) this.#startNext();
      }
    }
    while (this.#running.size > 0) await this.#change();
    return !this.#exceeded();
  }

  /** Aborts all running children. */
  abort(): void {
    for (const child of this.#running) child.end({ status: 'ABORTED' });
  }

  #exceeded(): boolean {
    return exceeds(this.#options.settings, this.#failedItems, this.#options.items);
  }

  #change(): Promise<void> {
    return this.#options.frame.cancellation.wait<void>((resolve) => {
      this.#wake = resolve;
      return () => {};
    });
  }

  /** Restores the state after a crash: the counts of ended children, and the running children. */
  #resume(): void {
    const { store, executions, flow, mapRunArn } = this.#options;
    const sums =
      'SELECT status, count(*) AS children, sum(items) AS items FROM executions WHERE map_run = ? GROUP BY status';
    for (const { status, children, items } of store.all<Sum>(sums, mapRunArn)) {
      this.#started += children;
      if (status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED') this.#failedItems += items;
    }
    const running = "SELECT * FROM executions WHERE map_run = ? AND status = 'RUNNING' ORDER BY id";
    for (const row of store.all<ExecutionRow>(running, mapRunArn)) this.#watch(executions.resume(row, flow));
  }

  #startNext(): void {
    const { store, executions, flow, mapRunArn, common } = this.#options;
    const next = 'SELECT items, input FROM map_inputs WHERE map_run = ? AND number = ?';
    const child = store.get<Pick<ExecutionRow, 'items' | 'input'>>(next, mapRunArn, this.#started);
    if (child === undefined) throw new Error(`the store has no input ${this.#started} of ${mapRunArn}`);
    this.#started += 1;
    const name = randomUUID();
    const arn = this.#options.executionArn(name);
    this.#watch(executions.start({ ...common, ...child, arn, name, map_run: mapRunArn }, flow));
  }

  #watch(child: OpenExecution): void {
    this.#running.add(child);
    void child.ended.then(({ status }) => {
      this.#running.delete(child);
      if (status !== 'SUCCEEDED') this.#failedItems += child.row.items;
      if (this.#exceeded()) this.abort();
      this.#wake();
    });
  }
}

interface Sum {
  readonly status: ExecutionRow['status'];
  readonly children: number;
  readonly items: number;
}
