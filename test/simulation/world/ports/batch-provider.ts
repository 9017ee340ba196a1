import type { Failure } from '#core/failures/failure.ts';
import type { BatchEntry, BatchModel, BatchResult, BatchStatus } from '#core/ports/batch-model.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { EPOCH } from '../machine.ts';
import type { Surroundings } from '../surroundings.ts';
import type { SimulatedProvider } from './model.ts';

/** A request is under way for so long at most. */
const MAX_LATENESS_MS = 120_000;

interface Made {
  readonly id: string;
  readonly createdAt: number;
  readonly entries: readonly BatchEntry[];
  /** Null until it has ended. */
  results: readonly BatchResult[] | null;
}

/**
 * The provider's batches. An entry is answered and billed when its batch ends. A creation whose answer is lost has made
 * the batch all the same.
 */
export class SimulatedBatchProvider {
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #core: Core;
  readonly #provider: SimulatedProvider;
  readonly #made: Made[] = [];

  constructor(world: Surroundings, judge: Judge, core: Core, provider: SimulatedProvider) {
    this.#world = world;
    this.#judge = judge;
    this.#core = core;
    this.#provider = provider;
  }

  /** Whether every batch has ended. */
  get idle(): boolean {
    return this.#made.every(({ results }) => results !== null);
  }

  /** The batches as one actor reaches them. */
  model(actor: Actor): BatchModel {
    return {
      create: async (entries) => {
        const made = await actor.call('batchModel.create', () => this.#receive(entries, actor));
        if ('kind' in made) throw new this.#core.FailureError(made);
        return made;
      },
      get: (id) => actor.call('batchModel.get', () => statusOf(this.#made.find((made) => made.id === id))),
      list: () => this.#list(actor),
      results: (id) => this.#results(id, actor),
      cancel: async () => undefined,
    };
  }

  #receive(entries: readonly BatchEntry[], actor: Actor): BatchStatus | Failure {
    const { chance, plan, faulty, scheduler } = this.#world;
    const { notMade = 0, madeLate = 0 } = (faulty && plan.area?.economy) || {};
    if (chance.hits(notMade)) return refusal(chance.between(1, 3));
    if (!chance.hits(madeLate)) return this.#create(entries, actor);
    const sent = structuredClone(entries);
    // The request may also be lost on its way.
    if (chance.hits(0.5)) {
      scheduler.at(scheduler.now + chance.between(1_000, MAX_LATENESS_MS), () => {
        this.#create(sent, actor);
      });
    }
    return { kind: 'transient', reason: 'simulated timeout' };
  }

  #create(sent: readonly BatchEntry[], actor: Actor): BatchStatus {
    const { chance, plan, scheduler, trace } = this.#world;
    const entries = structuredClone(sent);
    const made: Made = {
      id: `msgbatch_${this.#made.length + 1}`,
      createdAt: EPOCH + scheduler.now,
      entries,
      results: null,
    };
    this.#made.push(made);
    trace.add(
      actor.name,
      'batchModel.create',
      () => `${made.id}: ${entries.map(({ customId }) => customId).join(' ')}`,
    );
    this.#judge.areas.economy.laid(made.id, entries, actor);
    const [low, high] = plan.area?.economy?.batchMs ?? [0, 0];
    scheduler.at(scheduler.now + chance.between(low, high), () => this.#end(made));
    return { id: made.id, status: 'in-progress', createdAt: made.createdAt, entries: entries.length };
  }

  #end(made: Made): void {
    this.#world.trace.add('provider', 'BATCH ENDS', () => made.id);
    made.results = made.entries.flatMap(({ customId, request }) => {
      const result = this.#resultOf(customId, request);
      this.#judge.areas.economy.ended(made.id, customId, result);
      return result ?? [];
    });
  }

  #resultOf(customId: string, request: BatchEntry['request']): BatchResult | null {
    const { chance, plan, faulty } = this.#world;
    const { failed = 0, rejected = 0, expired = 0, missing = 0 } = (faulty && plan.area?.economy) || {};
    if (chance.hits(failed)) return { customId, kind: 'failed', failure: { kind: 'transient', reason: 'simulated' } };
    if (chance.hits(rejected)) return { customId, kind: 'failed', failure: { kind: 'permanent', reason: 'simulated' } };
    if (chance.hits(expired)) return { customId, kind: chance.pick(['expired', 'cancelled']) };
    const { answer, usd } = this.#provider.answerInBatch(request);
    this.#judge.areas.economy.billed(customId, { requestId: answer.requestId, usage: answer.usage, usd });
    return chance.hits(missing) ? null : { customId, kind: 'succeeded', answer };
  }

  async *#list(actor: Actor): AsyncGenerator<BatchStatus> {
    yield* await actor.call('batchModel.list', () => this.#made.toReversed().flatMap((made) => statusOf(made) ?? []));
  }

  async *#results(id: string, actor: Actor): AsyncGenerator<BatchResult> {
    const results = await actor.call('batchModel.results', () => this.#made.find((made) => made.id === id)?.results);
    for (const result of structuredClone(results ?? [])) {
      this.#judge.areas.economy.read(id, result, actor);
      yield result;
    }
  }
}

const refusal = (which: number): Failure => {
  if (which === 1) return { kind: 'throttled', reason: 'simulated 429' };
  if (which === 2) return { kind: 'permanent', reason: 'simulated 400' };
  return { kind: 'transient', reason: 'simulated refused connection', notBilled: true };
};

function statusOf(made: Made | undefined): BatchStatus | null {
  if (!made) return null;
  const { id, createdAt, entries, results } = made;
  return { id, createdAt, entries: entries.length, status: results ? 'ended' : 'in-progress' };
}
