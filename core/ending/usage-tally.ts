import { dayOf } from '../budgets/day-budget.ts';
import { addChange, NO_USE } from '../budgets/usage.ts';
import type { Catalogue } from '../models/catalogue.ts';
import { savedUsd } from '../models/price.ts';
import type { ModelUse, UsageChange } from '../ports/usage-store.ts';
import type { ModelStep } from '../tasks/step.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import type { EndingPorts } from './ports.ts';

type CounterPorts = Pick<EndingPorts, 'usage' | 'clock' | 'report'>;
type TallyPorts = CounterPorts & { readonly catalogue: Catalogue };

/**
 * Collects what one turn adds to the usage counters. The last call is counted together with the task's end, so a task
 * with one call costs one write.
 */
export class UsageTally {
  readonly #ports: TallyPorts;
  readonly #task: Task;
  #pending: UsageChange = {};
  #writing: Promise<unknown> = Promise.resolve();

  constructor(ports: TallyPorts, task: Task) {
    this.#ports = ports;
    this.#task = task;
  }

  /** A call was answered. @param model as the catalogue names it */
  answered(model: string, { usage, usd }: Pick<ModelStep, 'usage' | 'usd'>): void {
    const saved = savedUsd(this.#ports.catalogue, model, usage);
    this.#add({ models: { [model]: { ...NO_USE, calls: 1, usage, usd, savedUsd: saved } } });
  }

  /** A call broke off; its reservation stays charged. */
  lost(model: string, usd: ModelUse['lostUsd']): void {
    this.#add({ models: { [model]: { ...NO_USE, calls: 1, lostUsd: usd } } });
  }

  /** Counts the task's end, if this is one. */
  ended({ state }: Task): void {
    if (isTerminal(state)) this.#add({ ended: { [state.status]: 1 } });
  }

  /**
   * Writes the collected changes, and resolves when all earlier ones are written too. A failed write holds up no task,
   * because nothing is decided by the counters.
   */
  async flush(): Promise<void> {
    const change = this.#pending;
    this.#pending = {};
    const own = Object.keys(change).length === 0 ? undefined : write(this.#ports, this.#task, change);
    this.#writing = Promise.all([this.#writing, own]);
    await this.#writing;
  }

  #add(change: UsageChange): void {
    this.#pending = addChange(this.#pending, change);
  }
}

/** Counts the end of a task outside a worker's turn. */
export async function countEnd(ports: CounterPorts, task: Task): Promise<void> {
  if (isTerminal(task.state)) await write(ports, task, { ended: { [task.state.status]: 1 } });
}

async function write({ usage, clock, report }: CounterPorts, task: Task, change: UsageChange): Promise<void> {
  const { tenant, agent } = task;
  const key = { tenant, agent, day: dayOf(clock.now()) };
  await usage.add(key, change).catch(() => report(task, { type: 'usage.lost' }));
}
