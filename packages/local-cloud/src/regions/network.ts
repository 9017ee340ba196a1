/** The simulated line from this region to another. */
export interface Link {
  /** The other region. */
  readonly to: string;
  /** The round trip, of which half passes on each way. */
  readonly roundTripMs: number;
  /** Each way takes up to this much longer, evenly distributed. */
  readonly jitterMs: number;
  /** The share of messages that are lost, 0 to 1. A lost one is repeated, as TCP does, which takes time. */
  readonly loss: number;
  /** Nothing arrives. */
  readonly cut: boolean;
}

/** What is to change of a line. */
export type LinkChange = Pick<Link, 'to'> & { readonly [Part in Exclude<keyof Link, 'to'>]?: Link[Part] | undefined };

/** Round trips in milliseconds, by the regions' names in alphabetical order. */
const ROUND_TRIPS: Readonly<Record<string, number>> = {
  'ap-northeast-1 ap-northeast-2': 31,
  'ap-northeast-1 ap-southeast-1': 74,
  'ap-northeast-1 eu-west-1': 212,
  'ap-northeast-1 us-east-1': 145,
  'ap-northeast-1 us-west-2': 89,
  'eu-central-1 eu-west-1': 20,
  'eu-west-1 us-east-1': 80,
  'eu-west-1 us-west-2': 137,
  'us-east-1 us-west-2': 87,
};
const OTHER_ROUND_TRIP = 150;

/** A lost message is repeated after this time, or after two round trips if they are longer, then after twice that. */
const MIN_REPEAT_MS = 200;
/** After so many repetitions a message is given up. */
const MAX_REPEATS = 6;

/** Besides the way itself, DynamoDB takes this long to replicate a change. */
const REPLICATION_MS = { min: 50, max: 500 };

/** The lines from one region to the others. What comes back is governed by the lines of the other regions. */
export class Network {
  readonly #links: Map<string, Link>;
  readonly #random: () => number;

  constructor(here: string, others: readonly string[], random: () => number = Math.random) {
    this.#random = random;
    this.#links = new Map(
      others.map((to) => {
        const roundTripMs = ROUND_TRIPS[[here, to].sort().join(' ')] ?? OTHER_ROUND_TRIP;
        return [to, { to, roundTripMs, jitterMs: roundTripMs / 20, loss: 0, cut: false }];
      }),
    );
  }

  get links(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** Changes lines. Returns false, and changes nothing, if one leads to a region that is not there. */
  change(changes: readonly LinkChange[]): boolean {
    if (!changes.every(({ to }) => this.#links.has(to))) return false;
    for (const { to, ...change } of changes) {
      const before = this.#link(to);
      const { roundTripMs = before.roundTripMs, jitterMs = before.jitterMs } = change;
      const { loss = before.loss, cut = before.cut } = change;
      this.#links.set(to, { to, roundTripMs, jitterMs, loss, cut });
    }
    return true;
  }

  /** Whether nothing arrives: the line is cut, or everything is lost. */
  isCut(to: string): boolean {
    const { cut, loss } = this.#link(to);
    return cut || loss === 1;
  }

  /** Milliseconds until a message that leaves now arrives; undefined when it is lost for good. */
  oneWayMs(to: string): number | undefined {
    const { roundTripMs, jitterMs, loss } = this.#link(to);
    if (this.isCut(to)) return undefined;
    let ms = roundTripMs / 2 + this.#random() * jitterMs;
    let repeat = Math.max(MIN_REPEAT_MS, 2 * roundTripMs);
    for (let repeats = 0; this.#random() < loss; repeats++) {
      if (repeats === MAX_REPEATS) return undefined;
      ms += repeat;
      repeat *= 2;
    }
    return ms;
  }

  /** Milliseconds until a change of a global table that was written now arrives. */
  replicationLagMs(to: string): number {
    const { min, max } = REPLICATION_MS;
    // A replicator repeats what was lost until it arrives.
    return (this.oneWayMs(to) ?? 0) + min + this.#random() * (max - min);
  }

  /** The least that `replicationLagMs` can be. */
  leastReplicationLagMs(to: string): number {
    return this.#link(to).roundTripMs / 2 + REPLICATION_MS.min;
  }

  /** Lets a message travel. Returns whether it arrives: not if the line is cut meanwhile. */
  async travel(to: string): Promise<boolean> {
    const ms = this.oneWayMs(to);
    if (ms === undefined) return false;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return !this.isCut(to);
  }

  #link(to: string): Link {
    const link = this.#links.get(to);
    if (link === undefined) throw new Error(`There is no line to the region ${to}.`);
    return link;
  }
}
