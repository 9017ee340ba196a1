import type { RecordedCondition, RecordedLease, RecordLease } from '#cli/global/lease-history/lines.ts';
import type { LeaseAnswer, LeaseItem, LeaseRequest } from '#core/regions/lease.ts';
import type { Globe } from './globe.ts';
import { NAMES } from './plan.ts';

/** Far beyond the time that a lease lasts, in milliseconds. */
const MAX_HELD_MS = 10 * 60_000;

/** Records what keepers ask of lease items and are answered, and until when they believe to hold homes. */
export class WorldHistory {
  readonly #globe: Globe;
  readonly #record: RecordLease;
  #calls = 0;

  constructor(globe: Globe, record: RecordLease) {
    this.#globe = globe;
    this.#record = record;
  }

  /** A call begins. What this returns is called with its answer, if the caller receives one. */
  called(caller: number, table: number, home: number, request: LeaseRequest): (answer: LeaseAnswer) => void {
    this.#calls += 1;
    const call = `${this.#calls}`;
    const { now } = this.#globe;
    const of = { call, caller: nameOf(caller), table: nameOf(table), home: nameOf(home) };
    this.#record({ type: 'call', at: now, ...of, request: recorded(request) });
    return ({ granted, item }) => {
      const stored = leaseOf(item);
      this.#record({ type: 'return', at: this.#globe.now, call, granted, stored });
    };
  }

  /**
   * A region begins to hold a home, or to hold it for longer.
   * @param holdsAt what the keeper would say at a moment of the world, if nothing happened until then
   */
  holds(region: number, home: number, epoch: number, holdsAt: (at: number) => boolean): void {
    const at = this.#globe.now;
    let [until, after] = [at, at + MAX_HELD_MS];
    // Whoever holds a home stops at one moment.
    while (after - until > 1) {
      const between = (until + after) / 2;
      if (holdsAt(between)) until = between;
      else after = between;
    }
    this.#record({ type: 'hold', at, region: nameOf(region), home: nameOf(home), epoch, until });
  }
}

function recorded(request: LeaseRequest) {
  if (request.kind === 'read') return { kind: 'read' } as const;
  const { epoch, beat } = request;
  return { kind: 'write', item: { epoch, beat }, if: conditionOf(request) } as const;
}

function conditionOf(request: Exclude<LeaseRequest, { readonly kind: 'read' }>): RecordedCondition {
  if (request.kind === 'beat') return { is: 'earlier', epoch: request.epoch, beat: request.beat };
  const seen = leaseOf(request.seen);
  return seen === null ? { is: 'absent' } : { is: 'same', ...seen };
}

/** Epochs begin at 0: a lower one is that of an item that does not exist. */
const leaseOf = ({ epoch, beat }: LeaseItem): RecordedLease | null => (epoch < 0 ? null : { epoch, beat });

const nameOf = (region: number): string => NAMES[region] ?? '';
