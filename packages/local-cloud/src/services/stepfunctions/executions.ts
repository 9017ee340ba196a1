import type { Flow } from '../../asl/definition.ts';
import type { FrameState } from '../../asl/frame-state.ts';
import type { Host } from '../../asl/frame.ts';
import { noExecution } from './errors.ts';
import type { EmittedEvent } from '../events/event-rules.ts';
import { statusEvent } from './status-event.ts';
import { OpenExecution, type Outcome } from './open-execution.ts';
import type { ExecutionRow } from './records.ts';
import type { StateMachines } from './state-machines.ts';
import type { Store } from './store.ts';

/** The fields that an execution starts with. */
export type Start = Pick<ExecutionRow, 'arn' | 'machine' | 'name' | 'revision' | 'role_arn' | 'input'> &
  Partial<Pick<ExecutionRow, 'map_run' | 'items'>>;

/**
 * All executions. Open executions run here; ended executions are rows of the store.
 *
 * Invariants
 * 1. An execution is in `#open` exactly while its row says RUNNING, except children of a map run that has not been resumed
 *    yet after a restart.
 * 2. After a restart, every open token can be completed before any execution has been resumed.
 * 3. Only the map run itself starts, resumes and counts its children.
 */
export class Executions {
  readonly #store: Store;
  readonly #machines: StateMachines;
  readonly #host: Host;
  readonly #open = new Map<string, OpenExecution>();
  /** Frames interrupted by a crash, by execution, until the execution is resumed. */
  readonly #interrupted = new Map<number, Map<string, FrameState>>();
  readonly #emit: (event: EmittedEvent) => void;
  #lastId: number;

  constructor(store: Store, machines: StateMachines, host: Host, emit: (event: EmittedEvent) => void = () => {}) {
    this.#emit = emit;
    this.#store = store;
    this.#machines = machines;
    this.#host = host;
    this.#lastId = store.get<{ id: number | null }>('SELECT max(id) AS id FROM executions')?.id ?? 0;
  }

  /** Deletes executions that ended before a time, with their histories and map runs. */
  deleteBefore(instant: number): void {
    const old = 'SELECT id FROM executions WHERE stopped < ?';
    this.#store.write(`DELETE FROM events WHERE execution IN (${old})`, [instant]);
    this.#store.write(`DELETE FROM executions WHERE id IN (${old})`, [instant]);
    this.#store.write('DELETE FROM map_runs WHERE stopped < ?', [instant]);
  }

  /** Loads the frames that were open when the process ended, and opens their tokens for completion. */
  restore(): void {
    type FrameRow = { readonly execution: number; readonly path: string; readonly state: string };
    for (const row of this.#store.all<FrameRow>('SELECT * FROM frames')) {
      const state = JSON.parse(row.state) as FrameState;
      const frames = this.#interrupted.get(row.execution) ?? new Map<string, FrameState>();
      this.#interrupted.set(row.execution, frames.set(row.path, state));
      const { progress } = state;
      if (progress?.kind === 'task' && progress.token !== undefined && progress.outcome === undefined) {
        const save = (): void => this.#store.saveFrame(row.execution, row.path, state);
        this.#host.tokens.open(progress.token, progress, save);
      }
    }
  }

  /** Resumes every interrupted execution. Children are resumed by their map run. */
  resumeAll(): void {
    const roots = "SELECT * FROM executions WHERE status = 'RUNNING' AND map_run IS NULL";
    for (const row of this.#store.all<ExecutionRow>(roots)) {
      const { flow, timeoutSeconds } = this.#machines.machine(row.revision);
      this.resume(row, flow, timeoutSeconds);
    }
  }

  /** Starts an execution, which then runs on its own. The next commit makes the start durable. */
  start(start: Start, flow: Flow, timeoutSeconds?: number): OpenExecution {
    this.#lastId += 1;
    const row: ExecutionRow = {
      map_run: null,
      items: 0,
      ...start,
      id: this.#lastId,
      status: 'RUNNING',
      started: this.#host.clock.now(),
      stopped: null,
      output: null,
      error: null,
      cause: null,
    };
    this.#store.write(
      `INSERT INTO executions (id, arn, machine, name, revision, role_arn, input, status, started, map_run, items)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.id,
        row.arn,
        row.machine,
        row.name,
        row.revision,
        row.role_arn,
        row.input,
        row.status,
        row.started,
        row.map_run,
        row.items,
      ],
    );
    return this.#run(row, flow, timeoutSeconds);
  }

  /** Resumes an execution from its state at the crash. */
  resume(row: ExecutionRow, flow: Flow, timeoutSeconds?: number): OpenExecution {
    const frames = this.#interrupted.get(row.id);
    this.#interrupted.delete(row.id);
    return this.#run(row, flow, timeoutSeconds, frames);
  }

  #run(row: ExecutionRow, flow: Flow, timeout?: number, frames?: Map<string, FrameState>): OpenExecution {
    const execution = new OpenExecution(row, this.#host, this.#store, frames);
    this.#open.set(row.arn, execution);
    void execution.ended.then((outcome) => {
      this.#open.delete(row.arn);
      if (row.map_run !== null) return;
      this.#machines.sweep(row.machine);
      this.#emit(statusEvent(row, outcome, this.#host.clock.now()));
    });
    void execution.run(flow, timeout);
    return execution;
  }

  /** Returns an open execution, or undefined if it has ended or does not exist. */
  open(arn: string): OpenExecution | undefined {
    return this.#open.get(arn);
  }

  find(arn: string): ExecutionRow | undefined {
    return this.#store.get<ExecutionRow>('SELECT * FROM executions WHERE arn = ?', arn);
  }

  /** Throws `ExecutionDoesNotExist`. */
  get(arn: string): ExecutionRow {
    const row = this.find(arn);
    if (row === undefined) throw noExecution(arn);
    return row;
  }

  /** Resolves when an execution has ended, immediately if it already has. Throws `ExecutionDoesNotExist`. */
  async ended(arn: string): Promise<Outcome> {
    const open = this.#open.get(arn);
    if (open !== undefined) return open.ended;
    const { status, output, error, cause } = this.get(arn);
    if (status === 'RUNNING') throw new Error(`${arn} is a child of a map run. Only the map run can wait for it.`);
    return {
      status,
      ...(output === null ? {} : { output }),
      ...(error === null ? {} : { error }),
      ...(cause === null ? {} : { cause }),
    };
  }
}
