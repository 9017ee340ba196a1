import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { FailureError } from '#core/failures/failure.ts';
import { Governor } from '#core/governor/governor.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { GovernorStore } from '#core/ports/governor-store.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { Model } from '#core/ports/model.ts';
import { submit } from '#core/tasks/submit.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { isTerminal } from '#core/tasks/task.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work } from '#core/worker/work.ts';
import { inMemoryGovernorStore } from '../../support/fakes/in-memory-governor-store.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';
import { seededIds } from '../../support/fakes/seeded-ids.ts';
import { workerHarness } from '../../support/worker-harness.ts';
import { Scheduler } from '../world/scheduler.ts';
import { EPOCH } from '../world/machine.ts';
import { Provider, type ProviderPlan } from './provider.ts';

const agent = defineAgent({
  name: 'reader',
  version: '1',
  tier: 'fast',
  system: 'Read it.',
  input: z.unknown(),
  output: z.object({ sum: z.number() }),
  maxOutputTokens: 512,
  deadline: 24 * 3_600,
});

export interface FleetPlan {
  readonly workers: number;
  readonly hours: number;
  readonly provider: ProviderPlan;
  /** Tasks that are kept waiting or at work: a new one comes for each that ends. */
  readonly backlog: number;
  /** No others come after those: it is over when all have ended. @default false */
  readonly once?: boolean;
  /** Tasks that one worker handles at once. @default 1 */
  readonly tasksPerWorker?: number;
  /** Share of the tasks that are of high priority. */
  readonly highShare: number;
  readonly seed: number;
}

export interface FleetResult {
  readonly succeeded: number;
  readonly failed: number;
  /** Calls that the provider answered, and that it refused. */
  readonly answered: number;
  readonly refused: number;
  /** Refused after the first ten minutes. */
  readonly refusedLater: number;
  /** What the provider allowed in the time: a full bucket, and its rate. */
  readonly allowed: number;
  readonly claims: number;
  readonly governor: { reads: number; writes: number; conflicts: number };
  /** Milliseconds until it was over. */
  readonly took: number;
  /** Milliseconds from the acceptance of a task to its end: half of them, and 19 of 20, are quicker. */
  readonly median: { readonly high: number; readonly default: number };
  readonly p95: { readonly high: number; readonly default: number };
}

/** A fleet on simulated time: the real worker and the real governor, workers that share nothing but the stores. */
export class Fleet {
  readonly scheduler = new Scheduler();
  readonly #plan: FleetPlan;
  readonly #ids: Ids;
  readonly #store = inMemoryTaskStore();
  readonly #paces = inMemoryGovernorStore();
  readonly #provider: Provider;
  readonly #queue: TaskId[] = [];
  readonly #idle: ((id: TaskId) => void)[] = [];
  readonly #times = { high: [] as number[], default: [] as number[] };
  readonly #counts = { succeeded: 0, failed: 0, claims: 0, reads: 0, writes: 0, conflicts: 0 };
  #made = 0;
  #over = false;

  constructor(plan: FleetPlan) {
    this.#plan = plan;
    this.#ids = seededIds(plan.seed);
    this.#provider = new Provider(plan.provider, this.scheduler, this.#ids);
  }

  async run(): Promise<FleetResult> {
    for (let task = 0; task < this.#plan.backlog; task += 1) await this.#accept();
    for (let worker = 0; worker < this.#plan.workers; worker += 1) {
      const ports = this.#ports();
      for (let task = 0; task < (this.#plan.tasksPerWorker ?? 1); task += 1) void this.#worker(ports);
    }
    const end = this.#plan.hours * 3_600_000;
    this.scheduler.at(end, () => {
      this.#over = true;
    });
    await this.scheduler.run(() => this.#over);
    const { succeeded, failed, claims, ...governor } = this.#counts;
    const { answered, refused, refusedLater } = this.#provider;
    const allowed = this.#provider.allowed(this.scheduler.now);
    const times = (share: number) => ({
      high: quantile(this.#times.high, share),
      default: quantile(this.#times.default, share),
    });
    const took = this.scheduler.now;
    const [median, p95] = [times(0.5), times(0.95)];
    return { succeeded, failed, answered, refused, refusedLater, allowed, claims, governor, took, median, p95 };
  }

  get #clock(): Clock {
    return {
      now: () => EPOCH + Math.floor(this.scheduler.now),
      elapsed: () => this.scheduler.now,
      every: (ms, action) => this.#every(ms, action),
    };
  }

  async #accept(): Promise<void> {
    const now = this.#clock.now();
    const { task } = await submit(
      { store: this.#store, ids: this.#ids },
      {
        tenant: 'default',
        agent: agent.name,
        agentVersion: agent.version,
        idempotencyKey: `${(this.#made += 1)}`,
        priority: this.#ids.random() < this.#plan.highShare ? 'high' : 'default',
        input: {},
        budget: agent.budget,
        createdAt: now,
        deadline: now + agent.deadline * 1_000,
        request: { id: 'fleet', retry: 0 },
      },
    );
    this.#send(task.id, 0);
  }

  /** A message becomes visible after whole seconds, and is received some milliseconds later. */
  #send(id: TaskId, delayMs: number): void {
    const visible = Math.ceil(delayMs / 1_000) * 1_000 + 20 + this.#ids.random() * 300;
    this.scheduler.at(this.scheduler.now + visible, () => {
      const idle = this.#idle.shift();
      if (idle) idle(id);
      else this.#queue.push(id);
    });
  }

  /** One worker's environment: it takes message after message, and keeps its governor. */
  async #worker(ports: WorkerPorts): Promise<void> {
    for (;;) {
      const id = this.#queue.shift() ?? (await new Promise<TaskId>((resolve) => this.#idle.push(resolve)));
      this.#counts.claims += 1;
      const received = { extend: async () => undefined };
      await work(ports, agent, { message: { type: 'task', taskId: id }, received, timeLeftMs: () => 300_000 });
      await this.#note(id);
    }
  }

  async #note(id: TaskId): Promise<void> {
    const task = await this.#store.get(id);
    if (!task || !isTerminal(task.state)) return;
    if (task.state.status === 'succeeded') this.#counts.succeeded += 1;
    else this.#counts.failed += 1;
    this.#times[task.priority === 'high' ? 'high' : 'default'].push(task.state.finishedAt - task.createdAt);
    if (!this.#plan.once) return this.#accept();
    if (this.#counts.succeeded + this.#counts.failed === this.#plan.backlog) this.#over = true;
  }

  #ports(): WorkerPorts {
    const clock = this.#clock;
    const { ports } = workerHarness([{ json: { sum: 1 } }], agent);
    return {
      ...ports,
      store: this.#store,
      queue: { ...ports.queue, send: async (task, delayMs = 0) => this.#send(task.id, delayMs) },
      model: this.#model(),
      clock,
      ids: this.#ids,
      catalogue: CATALOGUE,
      report: () => undefined,
      governor: new Governor({ store: this.#distant(), clock, ids: this.#ids }),
    };
  }

  /** The governor's store some milliseconds away, so that workers do get into each other's way. */
  #distant(): GovernorStore {
    const there = <Result>(effect: () => Promise<Result>): Promise<Result> =>
      new Promise((resolve) => {
        const { scheduler } = this;
        scheduler.at(scheduler.now + 2 + this.#ids.random() * 4, () => {
          const result = effect();
          scheduler.at(scheduler.now + 2 + this.#ids.random() * 4, () => resolve(result));
        });
      });
    return {
      read: (model) => {
        this.#counts.reads += 1;
        return there(() => this.#paces.read(model));
      },
      replace: (pace) =>
        there(async () => {
          const outcome = await this.#paces.replace(pace);
          this.#counts[outcome === 'replaced' ? 'writes' : 'conflicts'] += 1;
          return outcome;
        }),
    };
  }

  #model(): Model {
    return {
      countTokens: async () => 1_000,
      invoke: async (request) => {
        const answer = await this.#provider.call(request);
        if (answer.answer) return answer.answer;
        throw new FailureError(answer.failure, { rateLimits: answer.rateLimits });
      },
    };
  }

  #every(ms: number, action: () => void): () => void {
    let on = true;
    const beat = (): 'idle' | void => {
      if (!on) return 'idle';
      this.scheduler.at(this.scheduler.now + ms, beat);
      return action();
    };
    this.scheduler.at(this.scheduler.now + ms, beat);
    return () => {
      on = false;
    };
  }
}

const quantile = (times: readonly number[], share: number): number =>
  Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0);
