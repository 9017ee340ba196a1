import type { Cancellation } from './cancellation.ts';
import { context } from './context.ts';
import type { Flow } from './definition.ts';
import type { Bindings } from './evaluate.ts';
import type { FrameState } from './frame-state.ts';
import type { EventDetails, EventType } from './history.ts';
import type { Execution } from './host.ts';
import type { Json } from './json.ts';

/** An inline Map's iteration, as `$states.context.Map.Item` shows it. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** What expressions see in `$states` besides the context. */
export interface States {
  readonly input: Json;
  readonly result?: Json;
  readonly errorOutput?: Json;
}

interface FrameOptions {
  readonly execution: Execution;
  /** Empty for an execution's root, `/3` for the fourth iteration of its Map, `/3/0` for a branch in that. */
  readonly path: string;
  readonly flow: Flow;
  readonly state: FrameState;
  readonly cancellation: Cancellation;
  readonly item?: MapItem | undefined;
  /** The variables around it. */
  readonly outer?: Readonly<Record<string, Json>>;
}

/**
 * One line of execution at run time: its durable state, and what surrounds it.
 *
 * Invariants
 * 1. A cancelled frame writes nothing more: every write throws `Aborted`.
 * 2. Only the frame's own variables are ever assigned; those around it cannot change while it runs.
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

  /** The frame for a branch or iteration, which sees this one's variables. */
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

  /** Adds an event to the history, after this line's newest one, and answers its id. */
  record(type: EventType, details: EventDetails = {}): number {
    this.cancellation.throwIfCancelled();
    this.state.lastEvent = this.execution.record(type, details, this.state.lastEvent);
    return this.state.lastEvent;
  }

  /** Notes the frame's state for the next commit. */
  save(): void {
    this.cancellation.throwIfCancelled();
    this.execution.save(this.path, this.state);
  }

  /** Resolves when everything up to here survives a crash. */
  async commit(): Promise<void> {
    await this.execution.commit();
    this.cancellation.throwIfCancelled();
  }
}
