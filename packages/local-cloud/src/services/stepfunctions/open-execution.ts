import { Cancellation } from '../../asl/cancellation.ts';
import type { Flow } from '../../asl/definition.ts';
import { Aborted, ERRORS, StateError } from '../../asl/errors.ts';
import { newFrameState, type FrameState } from '../../asl/frame-state.ts';
import { Frame, type Execution, type Host } from '../../asl/frame.ts';
import type { EventDetails, EventType } from '../../asl/history.ts';
import type { Json } from '../../asl/json.ts';
import { LIMITS } from '../../asl/limits.ts';
import { runFlow } from '../../asl/run.ts';
import { nameOf } from './arns.ts';
import type { ExecutionRow, ExecutionStatus } from './records.ts';
import type { Store } from './store.ts';

/** How an execution ended. */
export interface Outcome {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** The history event for each way an execution ends. */
const END_EVENTS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const satisfies Record<Outcome['status'], EventType>;

/**
 * A running execution. Its frames write to the store through it.
 *
 * Invariants
 * 1. It ends exactly once. Its end, its last event and the deletion of its frames are one commit.
 * 2. Event ids count up from 1. The last event of the history's limit is reserved for the end.
 */
export class OpenExecution implements Execution {
  readonly host: Host;
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly input: Json;
  readonly startedAt: number;
  readonly stateMachine: { readonly arn: string; readonly name: string };
  readonly row: ExecutionRow;
  /** Resolves when the execution has ended, after its end has been added to the next commit. */
  readonly ended: Promise<Outcome>;
  readonly #store: Store;
  readonly #cancellation = new Cancellation();
  readonly #restored: Map<string, FrameState>;
  #events: number;
  #finish: (outcome: Outcome) => void = () => {};
  #over = false;

  constructor(row: ExecutionRow, host: Host, store: Store, restored: Map<string, FrameState> = new Map()) {
    this.row = row;
    this.id = row.id;
    this.arn = row.arn;
    this.name = row.name;
    this.roleArn = row.role_arn;
    this.input = JSON.parse(row.input) as Json;
    this.startedAt = row.started;
    this.stateMachine = { arn: row.machine, name: nameOf(row.machine) };
    this.host = host;
    this.#store = store;
    this.#restored = restored;
    this.#events = restored.size === 0 ? 0 : this.#newestEvent();
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Runs to the end, starting from the state at a crash if there was one. Never throws. */
  async run(flow: Flow, timeoutSeconds: number | undefined): Promise<void> {
    const { timers } = this.host;
    const limit = timeoutSeconds === undefined ? Infinity : this.startedAt + timeoutSeconds * 1000;
    const disarm =
      limit === Infinity ? () => {} : timers.at(limit, () => this.end({ status: 'TIMED_OUT', error: ERRORS.timeout }));
    try {
      const output = await runFlow(this.#root(flow));
      this.end({ status: 'SUCCEEDED', output: JSON.stringify(output) });
    } catch (error) {
      if (!(error instanceof Aborted)) this.end(failure(error));
    } finally {
      disarm();
    }
  }

  /** Ends the execution in its current state. Has no effect on an execution that has ended. */
  end(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancellation.cancel();
    const { status, output = null, error = null, cause = null } = outcome;
    const details = output === null ? { error: error ?? undefined, cause: cause ?? undefined } : { output };
    this.#append(END_EVENTS[status], details, this.#events);
    this.#store.deleteFrames(this.id, '', true);
    this.#store.write('UPDATE executions SET status = ?, stopped = ?, output = ?, error = ?, cause = ? WHERE id = ?', [
      status,
      this.host.clock.now(),
      output,
      error,
      cause,
      this.id,
    ]);
    this.#finish(outcome);
  }

  record(type: EventType, details: EventDetails, previous: number): number {
    if (this.#events >= LIMITS.historyEvents - 1) {
      throw new StateError(
        ERRORS.runtime,
        `The execution reached the maximum number of history events (${LIMITS.historyEvents}).`,
      );
    }
    return this.#append(type, details, previous);
  }

  save(path: string, state: FrameState): void {
    if (!this.#over) this.#store.saveFrame(this.id, path, state);
  }

  forget(path: string): void {
    if (this.#over) return;
    for (const key of this.#restored.keys()) if (key.startsWith(`${path}/`)) this.#restored.delete(key);
    this.#store.deleteFrames(this.id, path);
  }

  restored(path: string): FrameState | undefined {
    return this.#restored.get(path);
  }

  commit(): Promise<void> {
    return this.#store.commit();
  }

  #root(flow: Flow): Frame {
    const restored = this.#restored.get('');
    const state = restored ?? newFrameState(flow.startAt, this.input, 0);
    if (restored === undefined) {
      this.#append('ExecutionStarted', { input: this.row.input, roleArn: this.roleArn }, 0);
      this.save('', state);
    }
    return new Frame({ execution: this, path: '', flow, state, cancellation: this.#cancellation });
  }

  #append(type: EventType, details: EventDetails, previous: number): number {
    this.#events += 1;
    this.#store.write('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)', [
      this.id,
      this.#events,
      previous,
      this.host.clock.now(),
      type,
      JSON.stringify(details),
    ]);
    return this.#events;
  }

  #newestEvent(): number {
    const newest = 'SELECT max(id) AS id FROM events WHERE execution = ?';
    return this.#store.get<{ readonly id: number | null }>(newest, this.id)?.id ?? 0;
  }
}

/** Converts an error to an outcome. Faults of the interpreter and fixed limits are `States.Runtime`. */
function failure(error: unknown): Outcome {
  if (error instanceof StateError) return { status: 'FAILED', error: error.error, cause: error.cause };
  return { status: 'FAILED', error: ERRORS.runtime, cause: error instanceof Error ? error.message : String(error) };
}
