import { expectThat, Violation } from '../../checks/violation.ts';
import type { Order } from '../world/plan.ts';

/** What the judge knows of a task, from callers, tables and the model. Nothing is taken from the code under test. */
interface TaskBooks {
  readonly order: Order;
  /** When a caller first received a 202, and from which region's table. */
  accepted: { readonly at: number; readonly by: number } | null;
  /** Each end that was announced, as JSON. */
  readonly ends: Set<string>;
  billedUsd: number;
  /** The highest epoch of the home under which a step began. */
  epoch: number;
  stepsBegun: number;
}

/**
 * Checks of three regions.
 * - G1 At most one region holds a home, and a step begins only there.
 * - G2 Every item of the replicated table has one writer for ever.
 * - G3 A task ends once.
 * - G4 An accepted task is not lost: with durability `global` never, with `region` only with the region that had it.
 * - G5 One idempotency key is one task, whichever region received it.
 * - G6 A task spends at most its budget, over all regions.
 * - G7 After the last fault everything ends within a bounded time.
 */
export class RegionsJudge {
  readonly tasks = new Map<string, TaskBooks>();
  /** What was seen in a world, so that tests know that it happened. */
  readonly seen = new Map<string, number>();
  /** How long after a region was lost another one had its home. */
  readonly takeoversMs: number[] = [];
  violation: Violation | null = null;
  readonly #writers = new Map<string, number>();
  readonly #idsByKey = new Map<string, string>();
  /** By home: the region that holds it now, and the epoch. */
  readonly #holders: (() => readonly (readonly [region: number, epoch: number])[])[] = [];

  /** @param holders by home: the regions that hold it now, each by its own stopwatch */
  watch(holders: readonly (() => readonly (readonly [number, number])[])[]): void {
    this.#holders.push(...holders);
  }

  count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  checkHolders(): void {
    this.observe(() => {
      for (const [home, holders] of this.#holders.entries()) {
        const now = holders();
        expectThat(
          now.length < 2,
          'G1',
          () => `home ${home} is held by regions ${now.map(([region]) => region).join(' and ')}`,
        );
      }
    });
  }

  itemWritten(region: number, pk: string, sk: string): void {
    const key = `${pk} ${sk}`;
    const writer = this.#writers.get(key) ?? region;
    this.#writers.set(key, writer);
    this.observe(() =>
      expectThat(
        writer === region,
        'G2',
        () => `region ${region} writes ${key}, which region ${writer} writes too: one of them is lost`,
      ),
    );
  }

  taskCreated(id: string, order: Order): void {
    const before = this.#idsByKey.get(order.key) ?? id;
    this.#idsByKey.set(order.key, before);
    this.observe(() => expectThat(before === id, 'G5', () => `the key ${order.key} is task ${before} and task ${id}`));
    if (this.tasks.has(id)) return;
    this.tasks.set(id, { order, accepted: null, ends: new Set(), billedUsd: 0, epoch: -1, stepsBegun: 0 });
  }

  accepted(id: string, at: number, by: number): void {
    const task = this.tasks.get(id);
    if (task) task.accepted ??= { at, by };
  }

  stepBegun(id: string, home: number, region: number, epoch: number): void {
    const task = this.tasks.get(id);
    if (!task) return;
    task.stepsBegun += 1;
    if (task.epoch >= 0 && epoch > task.epoch) this.count('task that another region went on with');
    const others = (this.#holders[home]?.() ?? []).filter(([holder]) => holder !== region);
    this.observe(() => {
      expectThat(
        others.length === 0,
        'G1',
        () => `region ${region} begins a step of ${id} while region ${others[0]?.[0]} holds its home`,
      );
      expectThat(
        epoch >= task.epoch,
        'G1',
        () => `a step of ${id} begins under epoch ${epoch}, after one under ${task.epoch}`,
      );
    });
    task.epoch = Math.max(task.epoch, epoch);
  }

  billed(id: string, usd: number): void {
    const task = this.tasks.get(id);
    if (!task) return;
    task.billedUsd += usd;
    const { budgetUsd } = task.order;
    this.observe(() =>
      expectThat(
        task.billedUsd <= budgetUsd + 1e-9,
        'G6',
        () => `${id} was billed $${task.billedUsd} of its $${budgetUsd}`,
      ),
    );
  }

  announced(id: string, end: unknown): void {
    const task = this.tasks.get(id);
    if (!task) return;
    task.ends.add(JSON.stringify(end));
    this.observe(() =>
      expectThat(task.ends.size === 1, 'G3', () => `${id} ended twice: ${[...task.ends].join(' and ')}`),
    );
  }

  /**
   * @param lossOf the time from which on what the lost region accepted may be lost with it, if no replica that is left
   *   has the task; null if one has it
   */
  checkDone(lossOf: (id: string) => number | null): void {
    for (const [id, { accepted, ends, order }] of this.tasks) {
      if (!accepted || ends.size > 0) continue;
      const since = lossOf(id);
      if (since !== null && order.durability === 'region' && accepted.at >= since) {
        this.count('task lost with its region');
        continue;
      }
      const what = since === null ? 'has not ended' : 'is lost';
      this.observe(() => {
        const by = `${id} (${order.durability}) was accepted by region ${accepted.by}`;
        throw new Violation(since === null ? 'G7' : 'G4', `${by} and ${what}`);
      });
    }
  }

  get isDone(): boolean {
    return [...this.tasks.values()].every(({ ends }) => ends.size > 0);
  }

  observe(check: () => void): void {
    if (this.violation) return;
    try {
      check();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violation = error;
    }
  }
}
