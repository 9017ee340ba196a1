import type { Actor } from '../world/actor.ts';
import type { StreamEvent } from '../world/areas/stream-event.ts';
import { expectThat } from './violation.ts';

/** The state that the simulated app keeps of a subject: the events that it was given, in order. */
export interface Seen {
  readonly id: string;
  readonly source: string;
  readonly sequence: number | null;
  readonly late: boolean;
}

export interface StoredSubject {
  readonly seen: readonly Seen[];
  readonly outbox: readonly string[];
}

const NOTHING: StoredSubject = { seen: [], outbox: [] };

/** Failures of one effect after which a router may set it aside: hours of them, also if its outbox has no room. */
const MIN_FAILURES = 20;

/**
 * K: the events of streams (I17 to I19).
 * - K1 An event is applied once, and what was applied stays (I17).
 * - K2 Events of a source are applied in the order of their numbers: one that comes after a higher one is late, and those of
 *   one write ascend (I17).
 * - K3 With its event, an effect is in the outbox. It leaves when it was performed or set aside (I18).
 * - K4 An effect is performed only after its event was written (I18), and set aside only if it failed (I18).
 * - K5 Only what can never be applied is rejected, and not by an item that is older than the router's work (I19).
 * - K6 A record is acknowledged only when it was applied or set aside (I17, I19).
 * - K7 In the end every event was applied or set aside, and so was every effect (I17 to I19).
 * - K8 An effect that stalls does not cost an invocation its time limit: the others of its batch are acknowledged (I18).
 */
export class StreamBooks {
  readonly #events = new Map<string, StreamEvent>();
  readonly #subjects = new Map<string, StoredSubject>();
  /** When an event was applied, in observations. */
  readonly #appliedAt = new Map<string, number>();
  readonly #rejected = new Set<string>();
  readonly #performed = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #effectsSetAside = new Set<string>();
  readonly #observations: () => number;

  constructor(observations: () => number) {
    this.#observations = observations;
  }

  /** A producer put an event, maybe again. */
  put(event: StreamEvent): void {
    this.#events.set(event.id, event);
  }

  written(subject: string, after: StoredSubject): void {
    const before = this.#subjects.get(subject) ?? NOTHING;
    const kept = before.seen.every(({ id }, index) => after.seen[index]?.id === id);
    expectThat(kept, 'K1', () => `what was applied to ${subject} changed`);
    const added = after.seen.slice(before.seen.length);
    for (const [index, event] of added.entries()) {
      const earlier = [...before.seen, ...added.slice(0, index)];
      expectThat(!earlier.some(({ id }) => id === event.id), 'K1', () => `${event.id} was applied twice`);
      this.#checkOrder(event, earlier, added.slice(0, index));
      const { effect } = this.#events.get(event.id) ?? { effect: 'none' };
      const isThere = effect === 'none' || after.outbox.includes(event.id);
      expectThat(isThere, 'K3', () => `${event.id} was applied without its effect`);
      this.#appliedAt.set(event.id, this.#observations());
    }
    const gone = before.outbox.filter((id) => !after.outbox.includes(id));
    const lost = gone.find((id) => !this.#performed.has(id) && !this.#effectsSetAside.has(id));
    expectThat(lost === undefined, 'K3', () => `the effect of ${lost} left the outbox and was never performed`);
    this.#subjects.set(subject, after);
  }

  performed(ids: readonly string[]): void {
    for (const id of ids) {
      expectThat(this.#appliedAt.has(id), 'K4', () => `the effect of ${id} was performed, and it was not applied`);
      this.#performed.add(id);
    }
  }

  /**
   * One alone has failed by itself, also if only the network did. So have all whose call the network lost: the router may
   * have waited until their time was up.
   */
  callFailed(effects: readonly { readonly id: string }[], error: unknown): never {
    const isLost = error instanceof Error && error.name === 'Unreachable';
    if (isLost || effects.length === 1) for (const { id } of effects) this.effectFailed(id);
    throw error;
  }

  effectFailed(id: string): void {
    this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
  }

  effectSetAside(id: string): void {
    const isForGood = this.#events.get(id)?.effect === 'permanent';
    const failures = this.#failures.get(id) ?? 0;
    expectThat(
      isForGood || failures >= MIN_FAILURES,
      'K4',
      () => `the effect of ${id} was set aside after ${failures} failures`,
    );
    this.#effectsSetAside.add(id);
  }

  /** A router reached its time limit, and nothing hindered it but an effect that stalled. */
  stalled(name: string): void {
    expectThat(false, 'K8', () => `${name} waited for an effect that stalled until its time limit`);
  }

  rejected(event: StreamEvent, by: Actor): void {
    const { id, kind, needs } = event;
    expectThat(kind !== 'fine', 'K5', () => `${id} was rejected, and nothing is wrong with it`);
    if (kind === 'needy') {
      const at = this.#appliedAt.get(needs ?? '') ?? Infinity;
      expectThat(at >= by.since, 'K5', () => `${id} was rejected by an item of before ${needs}`);
    }
    this.#rejected.add(id);
  }

  acknowledged({ id, kind }: StreamEvent): void {
    const isDone = this.#appliedAt.has(id) || this.#rejected.has(id);
    expectThat(isDone, 'K6', () => `${id} (${kind}) was acknowledged, and it was neither applied nor set aside`);
  }

  /** Whether nothing is left to do. */
  get isDone(): boolean {
    return this.#undone() === null;
  }

  checkDone(): void {
    const undone = this.#undone();
    expectThat(undone === null, 'K7', () => undone ?? '');
  }

  #undone(): string | null {
    for (const { id, kind, effect } of this.#events.values()) {
      const applied = this.#appliedAt.has(id);
      if (kind === 'fine' && !applied) return `${id} was never applied`;
      if (!applied && !this.#rejected.has(id)) return `${id} was neither applied nor set aside`;
      const ended = this.#performed.has(id) || this.#effectsSetAside.has(id);
      if (applied && effect !== 'none' && !ended) return `the effect of ${id} was never performed`;
    }
    for (const [subject, { outbox }] of this.#subjects)
      if (outbox.length > 0) return `the outbox of ${subject} has ${outbox.join(', ')}`;
    return null;
  }

  #checkOrder(event: Seen, earlier: readonly Seen[], ofWrite: readonly Seen[]): void {
    const { sequence, source, id } = event;
    if (sequence === null) return;
    const highest = (events: readonly Seen[]): number =>
      Math.max(-1, ...events.map((other) => (other.source === source ? (other.sequence ?? -1) : -1)));
    const isLate = sequence < highest(earlier);
    expectThat(event.late === isLate, 'K2', () => `${id} is${event.late ? '' : ' not'} late after ${highest(earlier)}`);
    expectThat(sequence > highest(ofWrite), 'K2', () => `${id} was applied after ${highest(ofWrite)} of its batch`);
  }
}
