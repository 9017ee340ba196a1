import type { z } from 'zod';

/** An event as a router hands it to its app: parsed, in order, and not handled before. */
export interface RoutedEvent<Data = unknown> {
  /** `source` and `id` are the event's identity. */
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** When it happened, in milliseconds since 1970. */
  readonly time: number;
  /** Its number among the events of its source and subject. Null if the source does not number them. */
  readonly sequence: bigint | null;
  /** As the schema of its type returns it. */
  readonly data: Data;
  /** When the stream received it, in milliseconds since 1970. */
  readonly arrivedAt: number;
  /** True if a newer event of its source and subject was handled before: by number, else by time. */
  readonly late: boolean;
}

/**
 * What a system does with the events of a stream. The router parses events, drops duplicates, keeps the order of each
 * subject and stores the state. docs/adr/0039-streams.md has the guarantees.
 */
export interface StreamApp<State, Context, Effect extends { readonly id: string }> {
  /** Schemas of data by type of event. An event of another type is rejected. */
  readonly types: Readonly<Record<string, z.ZodType>>;
  readonly subject: z.ZodType<string>;
  /** State of one subject, at most 64 KiB as JSON. */
  readonly state: z.ZodType<State>;
  /** State of a subject without events. */
  readonly initial: State;
  /** Effects as JSON. They are stored until they are performed, so a release must read those of the one before it. */
  readonly effect: z.ZodType<Effect>;
  /** Subjects of a batch that are handled before its others, whose effects depend on theirs, such as a halt of a market. */
  readonly isFirst?: (subject: string) => boolean;
  /** Reads what `apply` needs for these subjects. Called once per batch. It may cache. An error fails the batch. */
  prepare(subjects: readonly string[], now: number): Promise<Context>;
  /**
   * The subject's next state and the event's effects. Pure: a router may call it again for the same event, if another
   * router wrote the subject meanwhile. An error rejects the event. The id of an effect must follow from the event.
   */
  apply(
    state: State,
    event: RoutedEvent,
    context: Context,
  ): { readonly state: State; readonly effects: readonly Effect[] };
  /**
   * Learns of events after they were applied and stored, each once unless the router dies. For measures: nothing that must
   * happen belongs here.
   */
  readonly handled?: (events: readonly RoutedEvent[]) => void;
  /**
   * The same of records that were set aside: when each happened, or arrived where it does not say, in milliseconds since 1970.
   * A record that comes again is set aside again.
   */
  readonly rejected?: (times: readonly number[]) => void;
  /**
   * Performs effects in order. It is called at least once for each effect, so it must be idempotent by effect id. If it
   * fails, each effect is retried for itself; so it is if it takes longer than 20 seconds, and then it may still go on. A
   * permanent `FailureError` sets the effect aside at once.
   */
  perform(subject: string, effects: readonly Effect[]): Promise<void>;
}
