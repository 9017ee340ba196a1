import type { Agent } from '#core/agents/define-agent.ts';
import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { Disposal } from '#core/worker/work-item.ts';
import { Actor, type Host, type Role } from './actor.ts';
import { agentFor, simulatedAgent, simulatedFamily } from './agent.ts';
import type { Judge } from '../checks/judge.ts';
import type { Core } from './core.ts';
import { EPOCH, Machine } from './machine.ts';
import { CATALOGUE, SimulatedProvider } from './ports/model.ts';
import { type Message, type Receipt, SimulatedQueue } from './ports/queue.ts';
import {
  simulatedArtifacts,
  simulatedAudit,
  simulatedCallbacks,
  simulatedIds,
  simulatedLimits,
  simulatedNotifier,
} from './ports/services.ts';
import { SimulatedBatches } from './ports/batches.ts';
import { SimulatedDaySpend } from './ports/day-spend.ts';
import { SimulatedEscalations } from './ports/escalations.ts';
import { SimulatedPaces } from './ports/paces.ts';
import { SimulatedPermits } from './ports/permits.ts';
import { SimulatedPools } from './ports/pools.ts';
import { SimulatedSessions } from './ports/sessions.ts';
import { SimulatedTable } from './ports/task-store.ts';
import type { Surroundings } from './surroundings.ts';
import { deployTo, inCode } from './rollout.ts';

const BURY_AGAIN_MS = 30_000;
const SWEEP_EVERY_MS = 60_000;
/** As in the worker's handler: each retry while the store is down waits longer. */
const WAIT_STEP_MS = 15_000;
const MAX_WAIT_MS = 900_000;

const agents = new WeakMap<Core, Agent>();

/** A pool as Lambda and SQS run it: workers that read the queues, the dead-letter handler, the sweeper. */
export class Pool {
  readonly table: SimulatedTable;
  readonly sessions: SimulatedSessions;
  readonly permits: SimulatedPermits;
  readonly pools: SimulatedPools;
  readonly queue: SimulatedQueue;
  readonly batches: SimulatedBatches;
  readonly escalations: SimulatedEscalations;
  readonly provider: SimulatedProvider;
  /** Called with each callback that is put on its queue. */
  onCallback: (callback: CallbackMessage) => void = () => undefined;
  readonly #daySpend: SimulatedDaySpend;
  readonly #paces: SimulatedPaces;
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #core: Core;
  readonly #agent: Agent;
  /** The agents of a world with trees: a message goes to the agent of its task. */
  readonly #family: readonly Agent[];
  readonly #objects: ReadonlyMap<string, string>;
  readonly #workers = new Set<Host>();
  readonly #ids: Ids;
  #count = 0;
  #burials = 0;

  constructor(world: Surroundings, judge: Judge, core: Core) {
    this.#world = world;
    this.#judge = judge;
    this.#core = core;
    this.#agent = agents.get(core) ?? simulatedAgent(core);
    agents.set(core, this.#agent);
    const { trees } = world.plan.area ?? {};
    this.#family = trees ? simulatedFamily(core, trees.depth) : [];
    this.table = new SimulatedTable(world, judge, core);
    this.pools = new SimulatedPools(world, judge);
    this.permits = new SimulatedPermits(world, judge);
    this.sessions = new SimulatedSessions(world, judge);
    this.queue = new SimulatedQueue(world, judge, () => this.dispatch());
    this.#daySpend = new SimulatedDaySpend(world, judge);
    this.#paces = new SimulatedPaces(world, judge);
    this.batches = new SimulatedBatches(world);
    this.escalations = new SimulatedEscalations(world, judge);
    this.provider = new SimulatedProvider(world, judge, core);
    const { orders } = world.plan;
    this.#objects = new Map(orders.flatMap((order) => (order.kind === 'object' ? [[order.key, order.bytes]] : [])));
    this.#ids = simulatedIds(world.chance);
    this.#sweepLater();
    if (world.plan.stalled) this.#stall(world.plan.stalled);
  }

  get paused(): boolean {
    return this.#judge.gate.isPaused;
  }

  /** Whether no message is left and no worker runs. */
  get idle(): boolean {
    return this.queue.empty && this.#burials === 0 && this.#workers.size === 0;
  }

  /** Runs a piece of work on its own machine. Errors are only traced. */
  spawn(role: Role, work: (actor: Actor) => Promise<void>): Machine {
    const machine = new Machine(this.#world, `${role} ${(this.#count += 1)}`);
    const actor = new Actor(machine, role, machine.name, this.#judge.observations);
    void work(actor)
      .catch((error: unknown) => this.#world.trace.add(actor.name, 'throws', () => String(error)))
      .then(() => machine.finish());
    return machine;
  }

  ports(actor: Actor): WorkerPorts {
    const pools = this.pools.store(actor);
    const { limits, usage } = simulatedLimits(this.#world);
    return {
      store: this.table.store(actor),
      sessions: this.sessions.store(actor),
      permits: this.permits.store(actor),
      pools,
      queue: this.queue.sender(actor),
      model: this.provider.model(actor),
      artifacts: simulatedArtifacts(this.#objects, this.#core, actor),
      notifier: simulatedNotifier(this.#world, this.#judge, actor),
      callbacks: simulatedCallbacks(this.#world, this.#judge, actor, (callback) => this.onCallback(callback)),
      audit: simulatedAudit(this.#world, this.#judge, actor),
      clock: actor.clock,
      ids: this.#ids,
      catalogue: CATALOGUE,
      limits: this.#core.limitsInSteps(limits, { pools, clock: actor.clock }),
      usage,
      daySpend: this.#daySpend.store(actor),
      governor: new this.#core.Governor({ store: this.#paces.store(actor), clock: actor.clock, ids: this.#ids }),
      report: () => undefined,
      ...this.#areaPorts(actor),
    };
  }

  /** What only the worlds of some areas have. */
  #areaPorts(actor: Actor): Partial<WorkerPorts> {
    const { sessions, escalations } = this.#world.plan.area ?? {};
    return {
      ...(sessions && { sessionPolicy: { tokenLimit: sessions.tokenLimit, keptMs: sessions.keptMs } }),
      ...(escalations && { escalations: this.escalations.store(actor) }),
    };
  }

  /** The agent as an actor runs it. */
  agentFor(actor: Actor, name?: string): Agent {
    const agent = this.#family.find((each) => each.name === name) ?? this.#agent;
    return agentFor(agent, this.#world, this.#judge, actor);
  }

  /** Passes visible messages to free workers, and dead letters to their handler. */
  dispatch(): void {
    const { plan, chance } = this.#world;
    const { now } = this.#world.scheduler;
    const cutOff = plan.stalled !== null && now >= plan.stalled.from && now < plan.stalled.to;
    const places = cutOff ? 0 : plan.workers;
    while (this.#workers.size < places) {
      const receipts = this.queue.receive(chance.between(1, plan.batch));
      if (receipts.length === 0) break;
      this.#invoke(receipts);
    }
    for (const message of this.queue.dead.splice(0)) this.#bury(message);
  }

  /** Frees the capacity of a dead worker. */
  died(machine: Host): void {
    if (this.#workers.delete(machine)) this.#world.scheduler.at(this.#world.scheduler.now + 100, () => this.dispatch());
  }

  /** One invocation with a batch. Its finished messages are deleted when the whole batch has ended. */
  #invoke(receipts: readonly Receipt[]): void {
    const { scheduler, plan, trace, chance } = this.#world;
    const machine = new Machine(this.#world, `worker ${(this.#count += 1)}`);
    this.#workers.add(machine);
    if (plan.rollout) deployTo(machine, plan.rollout, scheduler.now, chance);
    trace.add(machine.name, 'starts', () =>
      receipts.map(({ message }) => `${this.queue.describe(message)} receive ${message.receives}`).join(', '),
    );
    const endsAt = scheduler.now + plan.timeLimitMs;
    scheduler.at(endsAt, () => (machine.alive ? machine.die('time limit') : 'idle'));
    const timeLeftMs = (): number => endsAt - scheduler.now;
    const batch = receipts.map((receipt, index) => {
      const name = receipts.length > 1 ? `${machine.name}.${index + 1}` : machine.name;
      return { receipt, actor: new Actor(machine, 'worker', name, this.#judge.observations, endsAt) };
    });
    void Promise.all(batch.map(({ receipt, actor }) => this.#handle(actor, receipt, timeLeftMs))).then((disposals) => {
      machine.finish();
      this.#workers.delete(machine);
      const done = receipts.filter((_, index) => disposals[index] === 'delete');
      scheduler.at(scheduler.now + chance.next() * plan.latencyMs, () => {
        for (const receipt of done) this.queue.delete(receipt);
        this.dispatch();
      });
    });
  }

  /** Does the same as `handleRecord` of the worker's handler. */
  async #handle(actor: Actor, receipt: Receipt, timeLeftMs: () => number): Promise<Disposal> {
    const { body } = receipt.message;
    const received = this.queue.received(actor, receipt);
    receipt.message.heldBy = actor;
    if (body.type === 'task') actor.task = body.taskId;
    actor.isFirst = receipt.receives === 1;
    const task = body.type === 'task' ? this.#judge.histories.get(body.taskId)?.task : undefined;
    const defined = this.agentFor(actor, task?.agent);
    const agent = this.#world.plan.rollout ? inCode(defined, actor.machine) : defined;
    try {
      const { isFirst } = actor;
      const disposal = await this.#core.work(this.ports(actor), agent, {
        message: body,
        received,
        timeLeftMs,
        isFirst,
      });
      this.#world.trace.add(actor.name, 'ends', () => disposal);
      if (disposal === 'keep') this.#judge.kept(body, actor);
      if (disposal === 'delete') this.#judge.letGo(body, actor);
      return disposal;
    } catch (error) {
      this.#world.trace.add(actor.name, 'throws', () => String(error));
      this.#judge.gaveUp(actor);
      await received.extend(Math.min(MAX_WAIT_MS, WAIT_STEP_MS * receipt.receives)).catch(() => undefined);
      return 'keep';
    }
  }

  /** A dead letter is redelivered until its handler succeeds. */
  #bury(message: Message): void {
    const { scheduler } = this.#world;
    const dispatchAgain = (): void => {
      this.queue.dead.push(message);
      this.dispatch();
    };
    let buried = false;
    this.spawn('burial', async (actor) => {
      await this.#core.failDeadLetter(this.ports(actor), message.body);
      this.#judge.buried(message.body, actor);
      buried = true;
    });
    this.#burials += 1;
    scheduler.at(scheduler.now + BURY_AGAIN_MS, () => {
      this.#burials -= 1;
      return buried ? 'idle' : dispatchAgain();
    });
  }

  /** All workers of the pool stop at once, and for a while no worker receives a message. */
  #stall({ from, to }: { readonly from: number; readonly to: number }): void {
    const { scheduler, trace } = this.#world;
    scheduler.at(from, () => {
      trace.add('world', 'CUT OFF', () => 'no worker receives a message');
      for (const machine of this.#workers) machine.die('with all the pool');
    });
    scheduler.at(to, () => {
      trace.add('world', 'BACK', () => 'workers receive messages again');
      this.dispatch();
    });
  }

  #sweepLater(): void {
    const { scheduler, plan } = this.#world;
    scheduler.at(scheduler.now + SWEEP_EVERY_MS, () => {
      this.#sweepLater();
      if (!this.table.hasOverdue(EPOCH + scheduler.now + plan.skewMs)) {
        this.#judge.areas.swept(null, EPOCH + scheduler.now);
        return 'idle';
      }
      this.spawn('sweeper', async (actor) => {
        const startedAt = EPOCH + scheduler.now;
        const batches = plan.area?.economy ? this.batches.store(actor) : { get: async () => null };
        const counts = await this.#core.sweep({ ...this.ports(actor), batches }, () => true, this.#agent.name);
        this.#judge.areas.swept(actor, startedAt);
        this.#world.trace.add(actor.name, 'swept', () => JSON.stringify(counts));
      });
      return undefined;
    });
  }
}
