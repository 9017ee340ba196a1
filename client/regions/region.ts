import { FleetError } from '../fleet-error.ts';
import { pause } from '../pause.ts';
import { sendOnce, type Answer, type Call, type Place } from '../send-once.ts';

/** A request without a response for this long makes the client ask whether its region answers at all. */
const FIRST_DOUBT_MS = 200;
/** The time between two such questions doubles up to this, so that long polls cost little. */
const MAX_DOUBT_MS = 5_000;
/** How long a region has to answer that question; more where its round trip is known to be long. */
const MIN_PROBE_MS = 700;
const ROUND_TRIPS_PER_PROBE = 4;
/** A region that did not answer is asked again after this long, then after twice as long, and so on. */
const FIRST_AGAIN_MS = 1_000;
const MAX_AGAIN_MS = 15_000;
/** How long a region that answers and cannot serve its own home gets no new keys. Doubles while it stays so. */
const AVOID_MS = 5_000;
const MAX_AVOID_MS = 20_000;
/** A region that serves this many requests with new keys at once is as good as before. */
const WHOLE = 64;

/**
 * One region, as this client has come to know it.
 * 1. A slow response is not a dead region. A request that takes long is given up only when the region does not answer a
 *    `HEAD` of the API's address either, which no function serves.
 * 2. Who finds the region dead ends all requests that wait for it, so that all of them go elsewhere at once.
 * 3. A dead region gets no request until it has answered a `HEAD`, which no caller waits for, unless all are dead.
 * 4. A region that was dead or avoided starts slowly: one request with new keys at first, and twice as many with each that it serves. Its
 *    functions are cold, and all callers at once would only lose it again.
 */
export class Region {
  readonly name: string;
  readonly #place: Place;
  readonly #underWay = new Set<AbortController>();
  #roundTripMs: number | undefined;
  #heardAt = -Infinity;
  /** Questions in a row without an answer. */
  #unanswered = 0;
  #askAgainAt = 0;
  #probing: Promise<boolean> | undefined;
  #avoidUntil = 0;
  #avoidMs = AVOID_MS;
  /** How many requests with new keys may be under way. */
  #window = Infinity;
  #keysUnderWay = 0;

  constructor(name: string, place: Place) {
    this.name = name;
    this.#place = place;
  }

  /** The shortest round trip that was measured. Infinite before the first. */
  get roundTripMs(): number {
    return this.#roundTripMs ?? Infinity;
  }

  /** Whether the region did not answer when it was last asked. Asks again when it is time to. */
  get isDown(): boolean {
    if (this.#unanswered > 0 && performance.now() >= this.#askAgainAt) void this.probe();
    return this.#unanswered > 0;
  }

  /** Whether other regions are to be asked first. */
  get isAvoided(): boolean {
    return performance.now() < this.#avoidUntil || this.#keysUnderWay >= this.#window;
  }

  /** Whether the region has answered anything within some milliseconds. */
  heardWithin(ms: number): boolean {
    return performance.now() - this.#heardAt < ms;
  }

  /** Sends a request once. It fails as without a response as soon as the region is found dead. */
  async send<Body>(call: Call): Promise<Answer<Body> | FleetError> {
    if (!call.keysInBody && !call.idempotencyKey?.startsWith(`${this.name}.`)) return this.#send<Body>(call);
    this.#keysUnderWay += 1;
    try {
      const result = await this.#send<Body>(call);
      if (!(result instanceof FleetError)) this.#served();
      else if (result.status >= 500) this.#avoid();
      return result;
    } finally {
      this.#keysUnderWay -= 1;
    }
  }

  async #send<Body>(call: Call): Promise<Answer<Body> | FleetError> {
    const stop = new AbortController();
    const done = new AbortController();
    this.#underWay.add(stop);
    void this.#watch(done.signal);
    try {
      const result = await sendOnce<Body>(this.#place, call, stop.signal);
      const answered = !(result instanceof FleetError) || result.status > 0;
      if (answered) this.#heard();
      else if (!stop.signal.aborted) this.#doubt();
      return result;
    } finally {
      done.abort();
      this.#underWay.delete(stop);
    }
  }

  /** Asks whether the region answers. All who ask at once share one question. */
  probe(): Promise<boolean> {
    this.#probing ??= this.#ask().finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /** Keeps new keys away for a while, from a region that answers and cannot serve its own home. */
  #avoid(): void {
    this.#window = 1;
    if (performance.now() < this.#avoidUntil) return;
    this.#avoidUntil = performance.now() + this.#avoidMs;
    this.#avoidMs = Math.min(MAX_AVOID_MS, 2 * this.#avoidMs);
  }

  #served(): void {
    if (this.#window === Infinity) return;
    this.#window *= 2;
    if (this.#window < WHOLE) return;
    this.#window = Infinity;
    this.#avoidMs = AVOID_MS;
  }

  async #watch(done: AbortSignal): Promise<void> {
    try {
      for (let wait = FIRST_DOUBT_MS; ; wait = Math.min(MAX_DOUBT_MS, 2 * wait)) {
        await pause(wait, done);
        if (!this.heardWithin(wait)) await this.probe();
      }
    } catch {
      // The request has ended.
    }
  }

  async #ask(): Promise<boolean> {
    const sentAt = performance.now();
    const limit = Math.max(MIN_PROBE_MS, ROUND_TRIPS_PER_PROBE * (this.#roundTripMs ?? 0));
    try {
      // Any response will do. In a browser, `no-cors` gets one from any address.
      const init = { method: 'HEAD', mode: 'no-cors', signal: AbortSignal.timeout(limit) } as const;
      await (this.#place.fetch ?? fetch)(this.#place.url, init);
      this.#roundTripMs = Math.min(this.roundTripMs, performance.now() - sentAt);
      this.#heard();
      return true;
    } catch {
      // It is busy, not dead, if it has answered anything meanwhile.
      if (this.heardWithin(limit)) return true;
      this.#unanswered += 1;
      this.#window = 1;
      const wait = Math.min(MAX_AGAIN_MS, FIRST_AGAIN_MS * 2 ** (this.#unanswered - 1));
      this.#askAgainAt = performance.now() + wait;
      for (const stop of this.#underWay) stop.abort(new Error(`the region ${this.name} does not answer`));
      return false;
    }
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#unanswered = 0;
  }

  /** A connection broke. That may concern one request alone, so the region is asked at once. */
  #doubt(): void {
    this.#unanswered = Math.max(1, this.#unanswered);
    void this.probe();
  }
}
