import type { Json } from './json.ts';

/**
 * Where one line of execution stands: an execution's root, an iteration of an inline Map, or a branch of a Parallel.
 * Exactly this is what survives a crash. Plain JSON; changed in place by its frame alone, and by `TaskTokens` which
 * notes a task's outcome.
 */
export interface FrameState {
  /** The state that is running. */
  state: string;
  input: Json;
  /** The frame's own variables; those around it belong to the frames around it. */
  variables: Record<string, Json>;
  /** Milliseconds since 1970. */
  enteredAt: number;
  /** Ids of history events: the current state's entry, and this line's newest. */
  enteredEvent: number;
  lastEvent: number;
  /** Attempts used up, one count a retrier of the current state. */
  attempts: number[];
  retryCount: number;
  /** What the current attempt has done so far; undefined where it starts afresh. */
  progress: Progress | undefined;
  /** Set when the line has ended well. */
  done: { readonly output: Json } | undefined;
}

export type Progress = TaskProgress | WaitProgress | MapProgress | ParallelProgress | MapRunProgress;

/** A task whose call is under way, or that waits for its token's answer. Instants are milliseconds since 1970. */
export interface TaskProgress {
  readonly kind: 'task';
  /** Only where the resource ends in `.waitForTaskToken`. */
  readonly token: string | undefined;
  /** Whether the call was answered; then only the token's answer is missing. */
  submitted: boolean;
  readonly deadline: number | undefined;
  readonly heartbeatMs: number | undefined;
  heartbeatDeadline: number | undefined;
  outcome: TaskOutcome | undefined;
}

/** The answer of a token's holder. */
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

/** A line of execution about to enter its first state. */
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
