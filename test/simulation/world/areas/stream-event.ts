/**
 * - `fine`: it can be applied
 * - `broken`: it is not JSON
 * - `poison`: the app fails on it
 * - `needy`: the app fails on it unless another event was applied before
 */
export type EventKind = 'fine' | 'broken' | 'poison' | 'needy';

/** `stubborn` fails, and nobody knows that it always will. `permanent` says so. */
export type EffectKind = 'none' | 'fine' | 'stubborn' | 'permanent';

export interface StreamEvent {
  readonly at: number;
  readonly id: string;
  readonly source: string;
  readonly subject: string;
  /** Null: the source does not number its events. */
  readonly sequence: number | null;
  readonly kind: EventKind;
  readonly needs?: string;
  readonly effect: EffectKind;
}

export interface StreamsPlan {
  /** In the order in which they are put. An event may come several times. */
  readonly events: readonly StreamEvent[];
  readonly shards: number;
  /** Whether the partition key is the subject. If not, several shards have events of one subject. */
  readonly byKey: boolean;
  readonly batch: number;
  /** Failed invocations after which the mapping gives a batch up and writes it to the bucket. */
  readonly maxAttempts: number;
  /** Chance that a batch is invoked twice at once, as when Lambda thinks that the first one is lost. */
  readonly twins: number;
  /** When another shard is added. Null: never. */
  readonly reshardAt: number | null;
  /** When the mapping is made again, and reads everything from the start. Null: never. */
  readonly rewindAt: number | null;
  /** Chance that performing effects fails, until the faults end. */
  readonly effectsDown: number;
  /** Chance that performing effects never ends, until the faults end. */
  readonly effectsStall: number;
  /** Bytes of an effect: a few of many bytes fill an outbox. */
  readonly effectBytes: number;
}
