import type { Cancellation } from './cancellation.ts';
import type { Clock } from './clock.ts';
import { context, type ExecutionContext, type MapItem } from './context.ts';
import type { Flow, MapState } from './definition.ts';
import type { Bindings } from './evaluate.ts';
import type { FrameState } from './frame-state.ts';
import type { EventDetails, EventType } from './history.ts';
import type { Json } from './json.ts';
import type { TaskCall } from './task-call.ts';
import type { Timers } from './timers.ts';
import type { TaskTokens } from './tokens.ts';

/** What the interpreter needs from the service around it, shared by all executions. */
export interface Host {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tokens: TaskTokens;
  readonly region: string;
  /** From 0 inclusive to 1 exclusive. */
  random(): number;
  /**
   * Makes a Task's call and returns its result. For a resource that waits for a token, returns the response of the call
   * itself. Fails with `StateError`.
   */
  callTask(call: TaskCall): Promise<Json>;
  /** Runs a Distributed Map until it ends and returns its result. Fails with `StateError`. */
  runMap(state: MapState, frame: Frame): Promise<Json>;
}

/** One open execution, as its frames see it. */
export interface Execution extends ExecutionContext {
  readonly host: Host;
  /** Adds an event to the history and returns its id. Fails the execution when its history is full. */
  record(type: EventType, details: EventDetails, previous: number): number;
  /** Adds a frame's state to the next commit. */
  save(path: string, state: FrameState): void;
  /** Deletes all frames below a path in the next commit. */
  forget(path: string): void;
  /** The state of a frame that a crash interrupted; undefined for a new one. */
  restored(path: string): FrameState | undefined;
  /** Resolves when everything saved so far survives a crash. */
  commit(): Promise<void>;
}

/** What expressions see in `$states` in addition to the context. */
export interface States {
  readonly input: Json;
  readonly result?: Json;
  readonly errorOutput?: Json;
}

interface FrameOptions {
  readonly execution: Execution;
  /** Empty for the root of an execution, `/3` for the fourth iteration of its Map, `/3/0` for a branch in that. */
  readonly path: string;
  readonly flow: Flow;
  readonly state: FrameState;
  readonly cancellation: Cancellation;
  readonly item?: MapItem | undefined;
  /** Variables of the enclosing frames. */
  readonly outer?: Readonly<Record<string, Json>>;
}

/**
 * A running flow: its durable state and its surroundings.
 *
 * Invariants
 * 1. A cancelled frame writes nothing: every write throws `Aborted`.
 * 2. A frame assigns only its own variables. Those of the enclosing frames cannot change while it runs.
 */
export class Frame {
  readonly execution: Execution;
  readonly path: string;
  readonly flow: Flow;
  readonly state: FrameState;
  readonly cancellation: Cancellation;
  readonly item: MapItem | undefined;
  #variables: Readonly<Record<string, Json>>;

  constructor(options: FrameOptions) {
    this.execution = options.execution;
    this.path = options.path;
    this.flow = options.flow;
    this.state = options.state;
    this.cancellation = options.cancellation;
    this.item = options.item;
    this.#variables = { ...options.outer, ...options.state.variables };
  }

  /** Creates the frame of a branch or iteration, which sees this frame's variables. */
  child(key: string, flow: Flow, state: FrameState, cancellation: Cancellation, item = this.item): Frame {
    const { execution } = this;
    return new Frame({
      execution,
      path: this.childPath(key),
      flow,
      state,
      cancellation,
      item,
      outer: this.#variables,
    });
  }

  childPath(key: string): string {
    return `${this.path}/${key}`;
  }

  assign(values: Readonly<Record<string, Json>>): void {
    Object.assign(this.state.variables, values);
    this.#variables = { ...this.#variables, ...values };
  }

  /** What an expression of the current state sees. */
  bindings(states: States, token?: string): Bindings {
    return { ...this.#variables, states: { ...states, context: context(this, token) } };
  }

  /** Adds an event to the history, after this frame's newest one, and returns its id. */
  record(type: EventType, details: EventDetails = {}): number {
    this.cancellation.throwIfCancelled();
    this.state.lastEvent = this.execution.record(type, details, this.state.lastEvent);
    return this.state.lastEvent;
  }

  /** Adds the frame's state to the next commit. */
  save(): void {
    this.cancellation.throwIfCancelled();
    this.execution.save(this.path, this.state);
  }

  /** Resolves when everything saved so far survives a crash. */
  async commit(): Promise<void> {
    await this.execution.commit();
    this.cancellation.throwIfCancelled();
  }
}
