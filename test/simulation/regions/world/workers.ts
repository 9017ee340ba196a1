import type { HomedTasks, HomeMemory, TaskReplica, TaskVersion } from '#core/regions/homed-tasks.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { ModelStep } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { Decision, Transition } from '#core/tasks/transition.ts';
import { digestOf } from '../../digest.ts';
import type { RegionsCore } from '../core.ts';
import type { RegionsJudge } from '../checks/regions-judge.ts';
import { Unreachable, type Globe, type Life } from './globe.ts';
import type { Keepers } from './keepers.ts';
import type { PlainTables } from './plain-tables.ts';
import { CALL_USD, NAMES, REGIONS, type Order } from './plan.ts';
import type { ReplicatedTable } from './replicated-table.ts';

/** The region's processes that stand between the tables and the model. */
export interface RegionParts {
  readonly core: RegionsCore;
  readonly globe: Globe;
  readonly judge: RegionsJudge;
  readonly table: ReplicatedTable;
  readonly plain: PlainTables;
  readonly keepers: Keepers;
  readonly region: number;
  /** Sends a task to the region that holds its home. */
  readonly offer: (life: Life, to: number, task: Task) => Promise<void>;
}

const WORKERS = 2;
const SWEEP_EVERY_MS = 10_000;
const IDS: Ids = { digest: digestOf, uuid: () => '', random: () => 0 };
const partitionOf = (id: TaskId): string => `TASK#${id}`;

/** The intake, the workers and the sweep of one region. They run the real rules of tasks over the homed store. */
export class RegionWorkers {
  readonly #parts: RegionParts;
  /** Tasks that a worker of this region has, as a queue hides the messages that were received. */
  readonly #busy = new Set<string>();
  #memory: HomeMemory | undefined;

  constructor(parts: RegionParts) {
    this.#parts = parts;
  }

  start(life: Life): void {
    this.#busy.clear();
    this.#memory = new this.#parts.core.HomeMemory();
    for (let worker = 0; worker < WORKERS; worker += 1) void this.#work(life, `${NAMES[life.region]}-${worker}`);
    void this.#sweep(life);
  }

  /** Accepts an order for a home that this region holds. Returns when the caller may be told so. */
  async accept(life: Life, home: number, order: Order): Promise<void> {
    const { core, globe, judge, keepers, region } = this.#parts;
    const epoch = keepers.held(home);
    if (epoch === null) throw new Unreachable(`home ${home} is not held by ${region}`);
    const store = this.#store(life, epoch);
    const keyed = core.keyedTaskId(IDS, 't', order.key);
    const task = this.#newTask(core.taskIdAt(home, keyed, NAMES), order);
    judge.taskCreated(task.id, order);
    globe.note(region, 'accepts', () => `${task.id} (${order.durability}) under epoch ${epoch}`);
    await core.acceptAtHome(store, task, order.durability);
    judge.accepted(task.id, globe.now, region);
  }

  #newTask(id: TaskId, { budgetUsd, calls }: Order): Task {
    const now = this.#parts.globe.clock(this.#parts.region);
    return this.#parts.core.newTask(id, {
      tenant: 't',
      agent: 'a',
      agentVersion: '1',
      priority: 'default',
      input: { calls },
      budget: { tokens: 1_000_000, usd: budgetUsd },
      createdAt: now,
      deadline: now + 86_400_000,
      request: { id: 'r', retry: 0 },
    });
  }

  #store(life: Life, epoch: number): HomedTasks {
    const { core, globe, region, plain } = this.#parts;
    const replica: TaskReplica = {
      versions: (id) => globe.call(life, region, () => this.#versions(id)),
      write: ({ epoch: under, task }, before) => globe.call(life, region, () => this.#write(under, task, before)),
    };
    const pledges = {
      ask: (id: TaskId, request: Parameters<PlainTables['askPledge']>[2]) => plain.askPledge(life, id, request),
    };
    const ports = { replica, pledges, now: () => globe.clock(region), ...(this.#memory && { memory: this.#memory }) };
    return core.homedTasks(ports, epoch);
  }

  #versions(id: TaskId): TaskVersion[] {
    const { core, table, region } = this.#parts;
    const items = [...table.read(region, partitionOf(id))].filter(([sk]) => sk.startsWith('TASK'));
    return items.map(([sk, task]) => ({ epoch: core.epochOfKey(sk), task: task as Task }));
  }

  #write(epoch: number, task: Task, before: 'absent' | number): 'written' | 'conflict' {
    const { core, judge, table, region } = this.#parts;
    const isWritten = table.write(region, partitionOf(task.id), core.keyAtEpoch('TASK', epoch), task, (stored) =>
      before === 'absent' ? stored === undefined : (stored as Task | undefined)?.version === before,
    );
    // Whoever reads the item sees the end from now on.
    if (isWritten && 'finishedAt' in task.state) judge.announced(task.id, { ...task.state, notified: false });
    return isWritten ? 'written' : 'conflict';
  }

  async #work(life: Life, name: string): Promise<void> {
    const { globe, keepers, region } = this.#parts;
    for (;;) {
      await globe.sleep(life, globe.chance.between(200, 1_500));
      if (globe.has('does no work', region)) continue;
      const due = REGIONS.filter((home) => keepers.held(home) !== null).flatMap((home) => this.#due(home));
      const id = due[Math.floor(globe.chance.next() * due.length)];
      if (id === undefined) continue;
      this.#busy.add(id);
      await this.#runTurn(life, id, name).catch(ignoreLoss);
      this.#busy.delete(id);
    }
  }

  /** Tasks of a home that somebody has to look at. */
  #due(home: number): readonly TaskId[] {
    const { core, table, region, globe } = this.#parts;
    const ids = table.partitions(region).map((pk) => pk.slice('TASK#'.length) as TaskId);
    return ids.filter((id) => {
      if (core.homeOfTask(id, NAMES) !== home || this.#busy.has(id)) return false;
      const newest = core.newestOf(this.#versions(id));
      return newest !== null && isDue(newest.task.state, globe.clock(region));
    });
  }

  async #runTurn(life: Life, id: TaskId, name: string): Promise<void> {
    const { core, globe, keepers, region } = this.#parts;
    const home = core.homeOfTask(id, NAMES);
    const epoch = keepers.held(home);
    if (epoch === null) return;
    const store = this.#store(life, epoch);
    const task = await store.adopt(id);
    if (!task) return;
    if ('finishedAt' in task.state) return this.#announce(store, task);
    const now = (): number => globe.clock(region);
    const claimed = await core.apply(store, task, (current) => core.claim(current, name, now()));
    if (!claimed.ok) return;
    const turn = new Turn(this.#parts, life, store, home, epoch, claimed.task);
    const ended = await turn.run();
    if (ended) await this.#announce(store, ended);
  }

  /** Two tables hold the end by now, so its waiters are notified. */
  async #announce(store: HomedTasks, task: Task): Promise<void> {
    const { core, globe, region } = this.#parts;
    globe.note(region, 'announces', () => `${task.id} ${task.state.status}`);
    await core.apply(store, task, (current) => core.markNotified(current));
  }

  /** Makes a task of which this region's replica has nothing. Another region sends it, or two tables keep it. */
  async receive(life: Life, task: Task, from: string): Promise<void> {
    const { core, globe, judge, keepers, region } = this.#parts;
    const epoch = keepers.held(core.homeOfTask(task.id, NAMES));
    if (epoch === null || this.#versions(task.id).length > 0) return;
    judge.count(`task made from ${from}`);
    globe.note(region, 'receives', () => `${task.id} from ${from}`);
    await this.#store(life, epoch).create(task).catch(ignoreLoss);
  }

  async #sweep(life: Life): Promise<void> {
    const { globe, plain } = this.#parts;
    for (;;) {
      await globe.sleep(life, SWEEP_EVERY_MS);
      for (const table of REGIONS) {
        const found = await plain.accepted(life, table).catch(() => []);
        for (const [, task] of found) await this.receive(life, task as Task, 'its pledge');
      }
      await this.#offerLeftBehind(life);
    }
  }

  /** Sends what a lost home left here to the region that holds it now. */
  async #offerLeftBehind(life: Life): Promise<void> {
    const { core, globe, keepers, offer, region, table } = this.#parts;
    for (const pk of table.partitions(region)) {
      const newest = core.newestOf(this.#versions(pk.slice('TASK#'.length) as TaskId));
      if (!newest) continue;
      const heldEpoch = keepers.epochOf(core.homeOfTask(newest.task.id, NAMES)) ?? -1;
      const holder = core.regionOfEpoch(heldEpoch);
      if (heldEpoch < 0 || holder === region || !core.isLeftBehind(newest, heldEpoch, globe.clock(region))) continue;
      await offer(life, holder, newest.task).catch(() => undefined);
    }
  }
}

/** One claimed task, until it ends or its home is lost. */
class Turn {
  readonly #parts: RegionParts;
  readonly #life: Life;
  readonly #store: HomedTasks;
  readonly #home: number;
  readonly #homeEpoch: number;
  #task: Task;

  constructor(parts: RegionParts, life: Life, store: HomedTasks, home: number, homeEpoch: number, task: Task) {
    this.#parts = parts;
    this.#life = life;
    this.#store = store;
    this.#home = home;
    this.#homeEpoch = homeEpoch;
    this.#task = task;
  }

  /** Returns the ended task, or null if somebody else has it now. */
  async run(): Promise<Task | null> {
    const { core, globe, region } = this.#parts;
    const { calls } = this.#task.input as { calls: number };
    const now = (): number => globe.clock(region);
    const { epoch } = this.#task;
    if (this.#task.reservation && !(await this.#resume(now))) return null;
    while (this.#task.steps.length < calls) {
      if (core.treeCostOf(this.#task).usd + CALL_USD > this.#task.budget.usd + 1e-9) {
        const failure = { kind: 'over-budget', reason: 'No room.' } as const;
        return this.#apply((task) => core.fail(task, epoch, failure, now()));
      }
      if (!(await this.#step(epoch, now))) return null;
    }
    const output = { by: region, at: now(), chance: globe.chance.next() };
    return this.#apply((task) => core.succeed(task, epoch, { output, warnings: [] }, now()));
  }

  /** Adopts the step that a dead worker of this epoch finished, or leaves its call charged (I3, I4). */
  async #resume(now: () => number): Promise<boolean> {
    const { core, globe, region, table } = this.#parts;
    const { id, epoch, reservation } = this.#task;
    const key = `STEP#${reservation?.step}#${reservation?.epoch}`;
    const found = await globe.call(this.#life, region, () => table.read(region, partitionOf(id)).get(key));
    const resumed = await this.#apply((task) =>
      found === undefined ? core.forfeitCall(task, epoch) : core.commitStep(task, epoch, found as ModelStep, now()),
    );
    return resumed !== null;
  }

  async #step(epoch: number, now: () => number): Promise<boolean> {
    const { core, globe, judge, keepers, region, table } = this.#parts;
    const index = this.#task.steps.length;
    const reservation = { step: index, epoch, tokens: 10, usd: CALL_USD };
    if (!(await this.#apply((task) => core.reserveCall(task, epoch, reservation, now())))) return false;
    if (keepers.held(this.#home) !== this.#homeEpoch) return false;
    judge.stepBegun(this.#task.id, this.#home, region, this.#homeEpoch);
    globe.note(region, 'begins', () => `step ${index} of ${this.#task.id} under epoch ${this.#homeEpoch}`);
    judge.billed(this.#task.id, CALL_USD);
    const startedAt = now();
    await globe.sleep(this.#life, globe.chance.between(300, 8_000));
    const step = stepOf({ taskId: this.#task.id, index, epoch, startedAt, endedAt: now() });
    await globe.call(this.#life, region, () =>
      table.write(region, partitionOf(this.#task.id), `STEP#${index}#${epoch}`, step, (stored) => stored === undefined),
    );
    return (await this.#apply((task) => core.commitStep(task, epoch, step, now()))) !== null;
  }

  async #apply(transition: Transition): Promise<Task | null> {
    const decision: Decision = await this.#parts.core.apply(this.#store, this.#task, transition);
    this.#task = decision.task;
    return decision.ok ? decision.task : null;
  }
}

const stepOf = (of: Pick<ModelStep, 'taskId' | 'index' | 'epoch' | 'startedAt' | 'endedAt'>): ModelStep => ({
  kind: 'model',
  ...of,
  model: 'm',
  requestId: 'q',
  stopReason: 'end',
  content: [],
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  usd: CALL_USD,
});

function isDue(state: TaskState, now: number): boolean {
  if (state.status === 'running') return now >= state.leaseUntil;
  return 'finishedAt' in state ? !state.notified : true;
}

/** The home was lost, or a table is out of reach. Whoever holds the home finds the task again. */
function ignoreLoss(error: unknown): void {
  const isExpected = error instanceof Unreachable || (error instanceof Error && error.name === 'HomeLost');
  if (!isExpected) throw error;
}
