import type { Json } from './json.ts';

/**
 * The durable state of a frame: the root of an execution, an iteration of an inline Map, or a branch of a Parallel.
 * Exactly this survives a crash. It is plain JSON. Only its frame changes it, in place, and `TaskTokens`, which stores
 * the outcome of a task.
 */
export interface FrameState {
  /** The state that is running. */
  state: string;
  input: Json;
  /** The frame's own variables, without those of the enclosing frames. */
  variables: Record<string, Json>;
  /** Milliseconds since 1970. */
  enteredAt: number;
  /** Ids of history events: the entry of the current state, and the newest event of this frame. */
  enteredEvent: number;
  lastEvent: number;
  /** Attempts used, one count per retrier of the current state. */
  attempts: number[];
  retryCount: number;
  /** What the current attempt has done so far; undefined when it has not started. */
  progress: Progress | undefined;
  /** Set when the frame has ended successfully. */
  done: { readonly output: Json } | undefined;
}

export type Progress = TaskProgress | WaitProgress | MapProgress | ParallelProgress | MapRunProgress;

/** A task whose call is in progress or that waits for the answer to its token. Instants are milliseconds since 1970. */
export interface TaskProgress {
  readonly kind: 'task';
  /** Set only when the resource ends in `.waitForTaskToken`. */
  readonly token: string | undefined;
  /** Whether the call has returned, so that only the answer to the token is missing. */
  submitted: boolean;
  readonly deadline: number | undefined;
  readonly heartbeatMs: number | undefined;
  heartbeatDeadline: number | undefined;
  outcome: TaskOutcome | undefined;
}

/** The answer to a task token. */
export type TaskOutcome =
  | { readonly output: Json }
  | { readonly error: string | undefined; readonly cause: string | undefined };

/** A Wait state, or the pause before a retry. */
export interface WaitProgress {
  readonly kind: 'wait' | 'retry';
  readonly until: number;
}

export interface MapProgress {
  readonly kind: 'map';
  readonly items: readonly Json[];
}

export interface ParallelProgress {
  readonly kind: 'parallel';
  readonly input: Json;
}

export interface MapRunProgress {
  readonly kind: 'mapRun';
  readonly mapRunArn: string;
}

/** The state of a frame that is about to enter its first state. */
export function newFrameState(startAt: string, input: Json, lastEvent: number): FrameState {
  return {
    state: startAt,
    input,
    variables: {},
    enteredAt: 0,
    enteredEvent: 0,
    lastEvent,
    attempts: [],
    retryCount: 0,
    progress: undefined,
    done: undefined,
  };
}
