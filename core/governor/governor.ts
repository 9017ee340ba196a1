import type { Clock } from '../ports/clock.ts';
import type { GovernorStore } from '../ports/governor-store.ts';
import type { Ids } from '../ports/ids.ts';
import type { RateLimits } from '../ports/model.ts';
import type { Usage } from '../models/price.ts';
import { heed, HORIZON_MS, leastShare, newPace, takeSlot, throttle, type Need, type Pace } from './pace.ts';

/** A call that needs a slot, with the upper bounds of its tokens. */
export interface SlotRequest {
  readonly model: string;
  readonly inputTokens: number;
  readonly maxTokens: number;
  readonly high: boolean;
  /** Milliseconds since its task was accepted. */
  readonly waitedMs: number;
  /** The slot it was given earlier, if any. */
  readonly slot?: { readonly model: string; readonly at: number } | undefined;
}

export type SlotAnswer =
  /** Call in `inMs` milliseconds, 0 for at once. */
  | { readonly kind: 'go'; readonly inMs: number }
  /** Come back at `at`. With `hasSlot`, no further request is needed. */
  | { readonly kind: 'later'; readonly at: number; readonly hasSlot: boolean };

/** A worker waits for a slot that is this close, since parking costs more. */
const WAIT_MS = 2_000;
/** How long a slot stays valid after its time, since a parked task comes back late when workers are busy. */
const GRACE_MS = 30_000;
/** How long a copy of an item is used before it is read again. */
const VIEW_MS = 3_000;
const MAX_TRIES = 8;
/** Bounds of the round, the time after which a call without a slot asks again. It doubles while most calls get none, and halves while most get one. */
const MIN_ROUND_MS = 10_000;
const MAX_ROUND_MS = 590_000;
/** The target number of failed requests per slot. More would load the workers, fewer would leave slots unused. */
const MAX_FRUITLESS = 3;
/** Failed requests per slot above which the round quadruples, so that a very large crowd adapts in fewer steps. */
const CROWD_IN_VAIN = 25;

interface Known {
  readAt: number;
  pace: Pace | null;
  /** The shares of the bounds that calls really use. */
  inputShare: number;
  outputShare: number;
  roundMs: number;
  /** When the round was last adjusted, and how many calls got a slot or none since. */
  round: { since: number; given: number; inVain: number };
  /** The requests of this process, one at a time, so that they do not conflict with each other. */
  tail: Promise<unknown>;
}

/**
 * Gives model calls slots at the rate that the provider allows for all workers together. Each process has one governor.
 * They share one item per model (see `Pace`), of which each keeps a copy for a few seconds. When the item cannot be read
 * or written, every call may go ahead: the provider's own limits still apply.
 */
export class Governor {
  readonly #store: GovernorStore;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #ids: Pick<Ids, 'random'>;
  readonly #models = new Map<string, Known>();

  constructor({
    store,
    clock,
    ids,
  }: {
    readonly store: GovernorStore;
    readonly clock: Pick<Clock, 'now'>;
    readonly ids: Pick<Ids, 'random'>;
  }) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
  }

  /**
   * Whether and when a call may be made. Throws nothing but what `first` throws.
   * @param first called before a slot is taken, which nobody gives back @default nothing
   */
  async acquireSlot(request: SlotRequest, first: () => Promise<void> = async () => undefined): Promise<SlotAnswer> {
    const known = this.#knownOf(request.model);
    try {
      await this.#refresh(known, request.model);
    } catch {
      return GO;
    }
    const now = this.#clock.now();
    const blockedUntil = known.pace?.blockedUntil ?? 0;
    const kept = request.slot?.model === request.model && now <= request.slot.at + GRACE_MS;
    if (blockedUntil <= now && (kept || !known.pace?.tight)) return GO;
    await first();
    try {
      const ask = known.tail.then(() => this.#ask(known, request));
      known.tail = ask.catch(() => undefined);
      return await ask;
    } catch {
      return GO;
    }
  }

  /** Applies the rate limits of an answer. Writes nothing while there is ample room, and every few seconds when it is tight. Never throws. */
  async answered(request: SlotRequest, usage: Usage, told: RateLimits | undefined): Promise<void> {
    const known = this.#knownOf(request.model);
    known.inputShare = mix(known.inputShare, (usage.input + usage.cacheWrite) / request.inputTokens);
    known.outputShare = mix(known.outputShare, usage.output / request.maxTokens);
    if (told === undefined || leastShare(told) === null) return;
    const heard = (pace: Pace, now: number): Pace | null => {
      const next = heed(pace, told, now);
      return next.tight === pace.tight && next.correctedAt === pace.correctedAt ? null : next;
    };
    if (!heard(this.#pace(known, request.model), this.#clock.now())) return;
    // The copy predates the call. Another worker may have written the same since.
    await this.#refresh(known, request.model).catch(() => undefined);
    await this.#change(known, request.model, heard);
  }

  /** Holds all workers back when the provider throttles. Never throws. */
  async throttled(model: string, told: RateLimits | undefined, retryAfterMs: number | undefined): Promise<void> {
    const known = this.#knownOf(model);
    await this.#change(known, model, (pace, now) =>
      // Another worker wrote the same a moment ago.
      now + (retryAfterMs ?? 0) <= pace.blockedUntil ? null : throttle(pace, told ?? {}, retryAfterMs, now),
    );
  }

  async #ask(known: Known, request: SlotRequest): Promise<SlotAnswer> {
    const ask = { need: needOf(known, request), high: request.high, reachMs: reachOf(known, request) };
    let slotAt: number | null = null;
    const written = await this.#change(known, request.model, (pace, now) => {
      if (!pace.tight && pace.blockedUntil <= now) {
        slotAt = now;
        return null;
      }
      const slot = takeSlot(pace, ask, now);
      slotAt = slot.given ? slot.at : null;
      return slot.given ? slot.pace : null;
    });
    const now = this.#clock.now();
    if (written === 'failed') return GO;
    if (slotAt !== null && written !== 'conflict') {
      known.round.given += 1;
      judgeRound(known, now);
      const inMs = Math.max(0, slotAt - now);
      return inMs <= WAIT_MS ? { kind: 'go', inMs } : { kind: 'later', at: slotAt, hasSlot: true };
    }
    known.round.inVain += 1;
    judgeRound(known, now);
    return { kind: 'later', at: Math.round(now + known.roundMs * (0.5 + this.#ids.random())), hasSlot: false };
  }

  /** Writes the pace that `decide` returns; null writes nothing. If another worker was first, decides again. */
  async #change(
    known: Known,
    model: string,
    decide: (pace: Pace, now: number) => Pace | null,
  ): Promise<'written' | 'unchanged' | 'conflict' | 'failed'> {
    try {
      for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
        const pace = this.#pace(known, model);
        const next = decide(pace, this.#clock.now());
        if (next === null) return 'unchanged';
        const numbered = { ...next, version: pace.version + 1 };
        if ((await this.#store.replace(numbered)) === 'replaced') {
          this.#keep(known, numbered);
          return 'written';
        }
        this.#keep(known, await this.#store.read(model));
      }
      return 'conflict';
    } catch {
      return 'failed';
    }
  }

  async #refresh(known: Known, model: string): Promise<void> {
    if (this.#clock.now() - known.readAt < VIEW_MS) return;
    // Other calls of this process use the old copy until the new one arrives.
    known.readAt = this.#clock.now();
    this.#keep(known, await this.#store.read(model));
  }

  #keep(known: Known, pace: Pace | null): void {
    // A newer read or write has finished first.
    if (pace && known.pace && pace.version < known.pace.version) return;
    known.pace = pace;
    known.readAt = this.#clock.now();
  }

  #pace(known: Known, model: string): Pace {
    return known.pace ?? newPace(model);
  }

  #knownOf(model: string): Known {
    const known = this.#models.get(model) ?? {
      readAt: -Infinity,
      pace: null,
      inputShare: 0.4,
      outputShare: 0.4,
      roundMs: MIN_ROUND_MS,
      round: { since: this.#clock.now(), given: 0, inVain: 0 },
      tail: Promise.resolve(),
    };
    this.#models.set(model, known);
    return known;
  }
}

const GO: SlotAnswer = { kind: 'go', inMs: 0 };

/**
 * Adjusts how often a crowd of this size should ask, at most once per half round. A call without a slot comes back only
 * after that, and a crowd that arrives at once would otherwise delay itself for minutes.
 */
function judgeRound(known: Known, now: number): void {
  const { since, given, inVain } = known.round;
  if (now - since < known.roundMs / 2) return;
  known.round = { since: now, given: 0, inVain: 0 };
  const grow = inVain > CROWD_IN_VAIN * (given + 1) ? 4 : inVain > MAX_FRUITLESS * given ? 2 : 1;
  if (grow > 1) known.roundMs = Math.min(MAX_ROUND_MS, known.roundMs * grow);
  else if (inVain <= given) known.roundMs = Math.max(MIN_ROUND_MS, known.roundMs / 2);
}

/**
 * How far ahead a call may get a slot. A call that has waited longer reaches farther, so that a new task does not take
 * the slot of one that waits. The scale is the round of the current crowd.
 */
function reachOf({ roundMs }: Known, { high, waitedMs }: SlotRequest): number {
  return high ? HORIZON_MS : Math.max(WAIT_MS, (HORIZON_MS * waitedMs) / (waitedMs + 4 * roundMs));
}

/** Calls of one agent are alike: the share that the last ones used predicts the next one. */
const mix = (share: number, seen: number): number => (Number.isFinite(seen) ? 0.8 * share + 0.2 * seen : share);

const needOf = (known: Known, { inputTokens, maxTokens }: SlotRequest): Need => ({
  requests: 1,
  inputTokens: inputTokens * known.inputShare,
  outputTokens: maxTokens * known.outputShare,
});
