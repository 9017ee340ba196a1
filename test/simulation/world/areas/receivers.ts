import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { Handled, HandlePorts } from '#core/callbacks/handle.ts';
import type { Delivery, DeliveryResult } from '#core/ports/webhook.ts';
import type { Heard } from '../../checks/couriers.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { EPOCH } from '../machine.ts';
import type { Pool } from '../pool.ts';
import { SimulatedCallbackStore } from '../ports/callbacks.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ReceiversPlan } from './area.ts';

/** As the stack has it: how often the queue delivers a message, and for how long it hides one whose worker is gone. */
const MAX_RECEIVES = 11;
const VISIBILITY_MS = 60_000;
const WAKE_EVERY_MS = 60_000;
/** What the handler waits after an error of ours. */
const AGAIN_MS = 15_000;

interface Message {
  readonly body: CallbackMessage;
  readonly sentAt: number;
  receives: number;
  deleted: boolean;
}

/** The queue of callbacks, the function that delivers them, the one that wakes those that are parked, and the receivers. */
export class SimulatedReceivers {
  readonly #world: Surroundings;
  readonly #pool: Pool;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #plan: ReceiversPlan;
  readonly #parked: SimulatedCallbackStore;
  readonly #receivers: HandlePorts['receivers'];
  #waiting = 0;

  constructor(world: Surroundings, pool: Pool, core: Core, judge: Judge, plan: ReceiversPlan) {
    this.#world = world;
    this.#pool = pool;
    this.#core = core;
    this.#judge = judge;
    this.#plan = plan;
    this.#parked = new SimulatedCallbackStore(world);
    this.#receivers = new core.Receivers();
    pool.onCallback = (callback) => {
      judge.areas.couriers.sent(callback.taskId);
      this.#send(callback);
    };
    this.#wakeLater();
  }

  /** Whether no callback waits for its delivery. */
  get idle(): boolean {
    return this.#waiting === 0 && this.#parked.empty;
  }

  #send(body: CallbackMessage): void {
    this.#waiting += 1;
    this.#deliverLater({ body, sentAt: EPOCH + this.#world.scheduler.now, receives: 0, deleted: false }, 100);
  }

  #wakeLater(): void {
    const { scheduler, trace } = this.#world;
    scheduler.at(scheduler.now + WAKE_EVERY_MS, () => {
      this.#wakeLater();
      if (this.#parked.empty) return 'idle';
      this.#pool.spawn('courier', async (actor) => {
        const queue = {
          send: (body: CallbackMessage) =>
            actor.call('callbacks.wake', () => {
              this.#judge.observe(() => this.#judge.areas.couriers.woken(body.taskId, actor));
              this.#send(body);
            }),
        };
        const ports = { store: this.#parked.store(actor), queue, clock: actor.clock };
        const woken = await this.#core.wakeCallbacks(ports, () => 60_000);
        trace.add(actor.name, 'woken', () => `${woken} callbacks`);
      });
      return undefined;
    });
  }

  #deliverLater(message: Message, inMs: number): void {
    const { scheduler } = this.#world;
    scheduler.at(scheduler.now + inMs, () => {
      if (message.deleted) return 'idle';
      message.receives += 1;
      if (message.receives > MAX_RECEIVES) {
        this.#delete(message);
        return this.#judge.areas.couriers.gaveUp(message.body.taskId);
      }
      let handled = false;
      this.#pool.spawn('courier', async (actor) => {
        const hideMs = await this.#handle(actor, message);
        handled = true;
        if (hideMs === null) this.#delete(message);
        else this.#deliverLater(message, hideMs);
      });
      // Whoever dies on it leaves it to the queue.
      scheduler.at(scheduler.now + VISIBILITY_MS, () => (handled ? 'idle' : this.#deliverLater(message, 0)));
      return undefined;
    });
  }

  #delete(message: Message): void {
    if (!message.deleted) this.#waiting -= 1;
    message.deleted = true;
  }

  /** Does the same as the handler of `deliver-callback`. */
  async #handle(actor: Actor, { body, sentAt, receives }: Message): Promise<number | null> {
    const { couriers } = this.#judge.areas;
    const earlier = couriers.attemptsOf(body.taskId);
    const { silent } = couriers;
    let heard: Heard | null = null;
    let parkedUntil: number | null = null;
    // What takes effect late is due as it says, whatever was parked meanwhile.
    const store = this.#parked.store(actor, (parked) => this.#judge.observe(() => couriers.parked(parked, actor)));
    const ports: HandlePorts = {
      webhook: {
        deliver: async (delivery) => {
          heard = this.#receive(actor, body, delivery);
          return resultOf(heard);
        },
      },
      store: {
        park: async (parked) => {
          await store.park(parked);
          parkedUntil = parked.dueAt;
        },
      },
      receivers: this.#receivers,
      clock: actor.clock,
      ids: { random: () => this.#world.chance.next(), digest: () => '' },
    };
    const handled = await this.#core
      .handleCallback(ports, body, { receives, sentAt })
      .catch((error: unknown): Pick<Handled, 'hideMs'> => {
        this.#world.trace.add(actor.name, 'throws', () => String(error));
        return { hideMs: AGAIN_MS };
      });
    if ('fate' in handled) {
      const { attempt, hideMs, fate } = handled;
      this.#world.trace.add(actor.name, 'delivers', () => `attempt ${attempt}: ${fate.kind}`);
      const waitMs = hideMs ?? (parkedUntil === null ? null : parkedUntil - actor.clock.now());
      const was = { heard, attempt, earlier, silent, waitMs, isParked: parkedUntil !== null };
      this.#judge.observe(() => couriers.decided(body.taskId, was, actor));
    }
    return handled.hideMs;
  }

  #receive(actor: Actor, { taskId }: CallbackMessage, delivery: Delivery): Heard {
    const heard = this.#answer();
    this.#judge.observe(() => this.#judge.areas.couriers.delivered(taskId, delivery, heard));
    this.#world.trace.add(actor.name, 'receiver answers', () => `${heard.status}, asks for ${heard.askedMs} ms`);
    return heard;
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
      { status: null, askedMs: 0 },
    ] satisfies [Heard, ...Heard[]]);
  }
}

function resultOf({ status, askedMs }: Heard): DeliveryResult {
  if (status === null) return { kind: 'failed', failure: 'timeout', reason: 'simulated' };
  return { kind: 'answered', status, ...(askedMs > 0 && { retryAfterMs: askedMs }) };
}
