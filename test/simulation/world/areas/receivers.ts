import type { DeliveryResult } from '#core/ports/webhook.ts';
import type { Courier, Heard } from '../../checks/couriers.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Core } from '../core.ts';
import type { Pool } from '../pool.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ReceiversPlan } from './area.ts';

/** Deliveries of a message after which the queue makes it a dead letter, as `CALLBACK_ATTEMPTS` says. */
const MAX_RECEIVES = 11;

/** The queue of callbacks, the function that delivers them, and their receivers. */
export class SimulatedReceivers {
  readonly #world: Surroundings;
  readonly #pool: Pool;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #plan: ReceiversPlan;
  #waiting = 0;

  constructor(world: Surroundings, pool: Pool, core: Core, judge: Judge, plan: ReceiversPlan) {
    this.#world = world;
    this.#pool = pool;
    this.#core = core;
    this.#judge = judge;
    this.#plan = plan;
    pool.onCallback = (callback) => this.#deliverLater({ callback, heard: null, delivery: null }, 1, 100);
  }

  /** Whether no callback waits for its delivery. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  #deliverLater(courier: Courier, attempt: number, inMs: number): void {
    const { scheduler } = this.#world;
    this.#waiting += 1;
    scheduler.at(scheduler.now + inMs, () => {
      this.#pool.spawn('courier', async (actor) => {
        const webhook = { deliver: async (delivery: Parameters<Deliver>[0]) => this.#receive(courier, delivery) };
        const ids = { random: () => this.#world.chance.next() };
        const fate = await this.#core.deliverCallback({ webhook, ids }, courier.callback, attempt);
        this.#world.trace.add(actor.name, 'delivers', () => `attempt ${attempt}: ${fate.kind}`);
        const waitMs = fate.kind === 'retry' ? fate.waitMs : null;
        this.#judge.observe(() => this.#judge.areas.couriers.decided(courier, attempt, waitMs));
        this.#waiting -= 1;
        if (waitMs !== null && attempt < MAX_RECEIVES) this.#deliverLater(courier, attempt + 1, waitMs);
      });
    });
  }

  #receive(courier: Courier, delivery: Parameters<Deliver>[0]): DeliveryResult {
    const heard = this.#answer();
    courier.heard = heard;
    this.#judge.observe(() => this.#judge.areas.couriers.delivered(courier.callback.taskId, delivery));
    const { status, askedMs } = heard;
    if (status === null) return { kind: 'failed', failure: 'unreachable', reason: 'simulated' };
    return { kind: 'answered', status, ...(askedMs > 0 && { retryAfterMs: askedMs }) };
  }

  #answer(): Heard {
    const { chance } = this.#world;
    const { failing, gone, askedMs } = this.#plan;
    if (chance.hits(gone)) return { status: 410, askedMs: 0 };
    if (!chance.hits(failing)) return { status: chance.pick([200, 202, 204]), askedMs: 0 };
    const asked = chance.hits(0.5) ? Math.round(chance.next() * askedMs) : 0;
    return chance.pick([
      { status: 500, askedMs: asked },
      { status: 429, askedMs: asked },
      { status: 302, askedMs: 0 },
      { status: null, askedMs: 0 },
    ] satisfies [Heard, ...Heard[]]);
  }
}

type Deliver = Parameters<Core['deliverCallback']>[0]['webhook']['deliver'];
