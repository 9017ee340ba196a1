import type { TaskStore } from '#core/ports/task-store.ts';
import type { Step } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import { Violation } from '../../checks/violation.ts';
import type { Core } from '../core.ts';
import { describeTask } from '../describe.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * The state table: one conditional write of one item at a time. Values are kept as JSON, so no object is shared with
 * the code under test. A value that the schema could not read back is a violation when it is written.
 */
export class SimulatedTable {
  readonly #tasks = new Map<TaskId, string>();
  readonly #steps = new Map<TaskId, Map<string, string>>();
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #core: Core;

  constructor(world: Surroundings, judge: Judge, core: Core) {
    this.#world = world;
    this.#judge = judge;
    this.#core = core;
  }

  /** The table as one actor reaches it. */
  store(actor: Actor): TaskStore {
    const { trace } = this.#world;
    return {
      get: (id) => actor.call('store.get', () => this.#readBy(actor, id)),
      getMany: (ids) => actor.call('store.getMany', () => ids.flatMap((id) => this.#readBy(actor, id) ?? [])),
      create: (task) => actor.call('store.create', () => this.#create(task, actor)),
      replace: (next) => actor.call('store.replace', (faults) => this.#replace(next, actor, faults)),
      putStep: (step) =>
        actor.call('store.putStep', () => {
          trace.add(
            actor.name,
            'store.putStep',
            () => `${this.#judge.aliasOf(step.taskId)} step ${step.index} (${step.kind}) of epoch ${step.epoch}`,
          );
          this.#putStep(step);
        }),
      steps: (id) => actor.call('store.steps', () => this.#stepsOf(id)),
      overdue: (now) => this.#overdue(now, actor),
      finishedInRun: () => nothing(),
      list: () => nothing(),
      deadLetters: () => nothing(),
      unfinished: () => nothing(),
      waitingForBatch: (agent) => this.#waitingForBatch(agent, actor),
    };
  }

  /** Whether the sweeper would find a task, whatever its clock shows. */
  hasOverdue(now: number): boolean {
    return [...this.#judge.histories.values()].some(({ task }) => (this.#core.attentionAt(task) ?? Infinity) <= now);
  }

  #read(id: TaskId): Task | null {
    const json = this.#tasks.get(id);
    return json === undefined ? null : (JSON.parse(json) as Task);
  }

  #readBy(actor: Actor, id: TaskId): Task | null {
    const task = this.#read(id);
    const resent = task?.state.status === 'queued' && task.state.resends !== undefined;
    if (!actor.firstRead.has(id)) actor.firstRead.set(id, { at: this.#world.scheduler.now, resent });
    return task;
  }

  #create(task: Task, actor: Actor): { created: boolean; task: Task } {
    const { trace } = this.#world;
    // Whoever has a claim creates the children of its task.
    if (actor.role === 'worker' && actor.epochs.size === 0) actor.task = task.id;
    const existing = this.#readBy(actor, task.id);
    if (existing) {
      trace.add(actor.name, 'store.create', () => `${this.#judge.aliasOf(task.id)} is there already`);
      return { created: false, task: existing };
    }
    this.#judge.created(this.#keep(task));
    trace.add(actor.name, 'store.create', () => `${this.#judge.aliasOf(task.id)} ${describeTask(task)}`);
    return { created: true, task };
  }

  #replace(next: Task, actor: Actor, faults: number): 'replaced' | 'conflict' {
    const { trace } = this.#world;
    const before = this.#judge.histories.get(next.id)?.task;
    if (before?.version !== next.version - 1) {
      trace.add(
        actor.name,
        'store.replace',
        () => `${this.#judge.aliasOf(next.id)} conflict: it is at v${before?.version}, not v${next.version - 1}`,
      );
      return 'conflict';
    }
    trace.add(actor.name, 'store.replace', () => `${this.#judge.aliasOf(next.id)} ${describeTask(next, before)}`);
    const { lastStep } = next;
    if (lastStep !== undefined && before.lastStep === undefined) this.#judge.stepWritten(lastStep as Step);
    this.#judge.written(this.#keep(next), actor, faults);
    return 'replaced';
  }

  /** Keeps a task, and returns it as it will be read. */
  #keep(task: Task): Task {
    const json = JSON.stringify(task);
    this.#tasks.set(task.id, json);
    const kept = JSON.parse(json) as Task;
    this.#judge.observe(() => {
      const parsed = this.#core.taskSchema.safeParse(kept);
      if (!parsed.success) throw new Violation('S1', `the written value cannot be read back: ${parsed.error.message}`);
    });
    return kept;
  }

  #putStep(step: Step): void {
    const own = this.#steps.get(step.taskId) ?? new Map<string, string>();
    this.#steps.set(step.taskId, own);
    const key = `${step.index}/${step.epoch}`;
    const json = JSON.stringify(step);
    this.#judge.stepWritten(JSON.parse(json) as Step);
    if (!own.has(key)) own.set(key, json);
  }

  #stepsOf(id: TaskId): readonly Step[] {
    const own = [...(this.#steps.get(id)?.values() ?? [])].map((json) => JSON.parse(json) as Step);
    return own.sort((a, b) => a.index - b.index || a.epoch - b.epoch);
  }

  async *#waitingForBatch(agent: string, actor: Actor): AsyncGenerator<TaskId> {
    yield* await actor.call('store.waitingForBatch', () =>
      [...this.#judge.histories.values()]
        .filter(({ task: { agent: own, state, batch } }) => own === agent && isForBatch(state) && batch === undefined)
        .sort((a, b) => a.task.deadline - b.task.deadline)
        .map(({ id }) => id),
    );
  }

  async *#overdue(now: number, actor: Actor): AsyncGenerator<TaskId> {
    const { attentionAt } = this.#core;
    yield* await actor.call('store.overdue', () =>
      [...this.#judge.histories.values()]
        .filter(({ task }) => (attentionAt(task) ?? Infinity) <= now)
        .map(({ id }) => id),
    );
  }
}

const isForBatch = (state: TaskState): boolean => state.status === 'parked' && state.cause === 'batch';

async function* nothing(): AsyncGenerator<never> {
  // The run index serves progress only, which is not simulated.
}
