import type { Pace } from '#core/governor/pace.ts';
import type { Actor } from '../world/actor.ts';
import { isCalm, type Plan } from '../world/plan.ts';
import type { TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** Slots are given at most so far ahead (G3), and a copy of the pace is used for so long. */
const HORIZON_MS = 20_000;
const KNOWN_AFTER_MS = 500;
/** What a healthy worker takes from its slot to the call. */
const MOMENT_MS = 3_000;

/**
 * G: all workers together keep to the provider's rate (the numbers of `core/governor/pace.ts`).
 * - G3 A slot is at most twenty seconds ahead.
 * - G4 High priority leaves others a share: a slot of it takes at least 1 / 0.8 of a slot's time in its own lane, and
 *   while both wait, both make calls.
 * - G5 A block that the provider named is noted by whoever it was named to, is never shortened, and no call is made under it.
 */
export class GovernorBooks {
  readonly #plan: Plan;
  #pace: { readonly pace: Pace; readonly at: number } | null = null;
  readonly #calls: { readonly at: number; readonly high: boolean }[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @param high whether it is written for a task of high priority */
  paceWritten(before: Pace | null, after: Pace, by: Actor, now: number, high: boolean): void {
    if (before) checkLane(before, after, by, high);
    this.#pace = { pace: after, at: now };
    const shorter = (before?.blockedUntil ?? 0) - after.blockedUntil;
    expectThat(shorter <= 0, 'G5', () => `${by.name} lets calls pass ${shorter} ms before the provider said`);
  }

  /** A call arrives at the provider. @param now simulated time @param clock the same on a clock that is right */
  called(high: boolean, by: Actor, now: number, clock: number): void {
    this.#calls.push({ at: now, high });
    if (!this.#pace || by.machine.faults > 0) return;
    const { pace, at } = this.#pace;
    const known = now - at > KNOWN_AFTER_MS + MOMENT_MS;
    expectThat(
      !known || pace.blockedUntil <= clock || this.#plan.skewMs > 0,
      'G5',
      () => `${by.name} calls ${pace.blockedUntil - clock} ms before the provider allows it`,
    );
  }

  checkWrite({ before, after, by }: TaskWrite): void {
    if (this.#plan.requestsPerMinute === undefined || by.machine.faults > 0) return;
    const { slot } = after;
    if (slot && slot.at !== before.slot?.at) {
      const ahead = slot.at - by.latest;
      expectThat(ahead <= HORIZON_MS + MOMENT_MS, 'G3', () => `${by.name} is given a slot ${ahead} ms ahead`);
    }
    const { state } = after;
    if (state.status !== 'parked' || state.cause !== 'throttled' || by.throttledUntil === null) return;
    const noted = this.#pace?.pace.blockedUntil ?? 0;
    expectThat(
      noted >= by.throttledUntil - 1,
      'G5',
      () => `${by.name} was throttled for ${(by.throttledUntil ?? 0) - by.latest} ms more, and others do not know it`,
    );
  }

  checkDone(): void {
    if (!this.#plan.area?.rush || !isCalm(this.#plan)) return;
    const lastOf = (high: boolean): number => this.#calls.findLast((call) => call.high === high)?.at ?? 0;
    // The first minute spends what was saved up.
    const [from, to] = [60_000, Math.min(lastOf(true), lastOf(false))];
    const both = this.#calls.filter(({ at }) => at >= from && at <= to);
    const others = both.filter(({ high }) => !high).length;
    // Of too few calls nothing follows.
    if (both.length < 20) return;
    expectThat(others > 0, 'G4', () => `high priority made ${both.length - others} of ${both.length} calls`);
  }
}

/** Of the rate, as much as high priority may have. */
const HIGH_SHARE = 0.8;

function checkLane(before: Pace, after: Pace, by: Actor, high: boolean): void {
  const perMinute = after.limits.requests;
  const gives = after.taken.requests > before.taken.requests && after.throttledAt === before.throttledAt;
  const isCorrected = after.correctedAt !== before.correctedAt;
  if (!high || !gives || isCorrected || perMinute === null || !before.tight || by.machine.faults > 0) return;
  const moved = after.takenByHigh.requests - Math.max(before.takenByHigh.requests, by.latest - MOMENT_MS);
  const least = 60_000 / perMinute / HIGH_SHARE;
  expectThat(moved >= least - 1, 'G4', () => `${by.name} takes ${moved} ms of high priority's time, ${least} are due`);
}
