import type { Cancellation } from './cancellation.ts';
import type { Clock } from './clock.ts';
import type { MapState } from './definition.ts';
import type { FrameState } from './frame-state.ts';
import type { Frame } from './frame.ts';
import type { EventDetails, EventType } from './history.ts';
import type { Json } from './json.ts';
import type { Timers } from './timers.ts';
import type { TaskTokens } from './tokens.ts';

/** What the interpreter needs from the service around it, for all executions. */
export interface Host {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tokens: TaskTokens;
  readonly region: string;
  /** From 0 inclusive to 1 exclusive. */
  random(): number;
  /**
   * Makes a Task's call and answers with its result; for a resource that waits for a token, with the call's own answer.
   * Fails with `StateError`.
   */
  callTask(call: TaskCall): Promise<Json>;
  /** Runs a Distributed Map to its end and answers with its result. Fails with `StateError`. */
  runMap(state: MapState, frame: Frame): Promise<Json>;
}

export interface TaskCall {
  readonly resource: string;
  readonly arguments: Json;
  readonly roleArn: string;
  readonly executionArn: string;
  /** The same for a call that is made again after a crash: where the service can, it makes the call idempotent. */
  readonly id: string;
  readonly cancellation: Cancellation;
}

/** One open execution, as its frames see it. */
export interface Execution {
  readonly host: Host;
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly input: Json;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stateMachine: { readonly arn: string; readonly name: string };
  /** Adds an event to the history and answers its id. Fails the execution when its history is full. */
  record(type: EventType, details: EventDetails, previous: number): number;
  /** Notes a frame's state for the next commit. */
  save(path: string, state: FrameState): void;
  /** Forgets all frames below a path, with the next commit. */
  forget(path: string): void;
  /** The state of a frame that a crash interrupted; undefined for a new one. */
  restored(path: string): FrameState | undefined;
  /** Resolves when everything noted so far will survive a crash. */
  commit(): Promise<void>;
}
