import type { Flow } from '../../asl/definition.ts';
import type { FrameState } from '../../asl/frame-state.ts';
import type { Host } from '../../asl/frame.ts';
import { noExecution } from './errors.ts';
import { OpenExecution, type Outcome } from './open-execution.ts';
import type { ExecutionRow } from './records.ts';
import type { StateMachines } from './state-machines.ts';
import type { Store } from './store.ts';

/** What an execution starts with. */
export type Start = Pick<ExecutionRow, 'arn' | 'machine' | 'name' | 'revision' | 'role_arn' | 'input'> &
  Partial<Pick<ExecutionRow, 'map_run' | 'items'>>;

/**
 * All executions: the open ones run here, the ended ones are rows of the store.
 *
 * Invariants
 * 1. An execution is in `#open` exactly while its row says RUNNING, except the children of a map run that a restart has
 *    not come to yet.
 * 2. After a restart every open token can be answered before any execution has gone on.
 * 3. The children of a map run are started, resumed and counted by that map run alone.
 */
export class Executions {
  readonly #store: Store;
  readonly #machines: StateMachines;
  readonly #host: Host;
  readonly #open = new Map<string, OpenExecution>();
  /** Frames that a crash interrupted, by execution, until that execution is resumed. */
  readonly #interrupted = new Map<number, Map<string, FrameState>>();
  #lastId: number;

  constructor(store: Store, machines: StateMachines, host: Host) {
    this.#store = store;
    this.#machines = machines;
    this.#host = host;
    this.#lastId = store.get<{ id: number | null }>('SELECT max(id) AS id FROM executions')?.id ?? 0;
  }

  /** Forgets executions that ended before an instant, with their histories and map runs. */
  forgetBefore(instant: number): void {
    const old = 'SELECT id FROM executions WHERE stopped < ?';
    this.#store.write(`DELETE FROM events WHERE execution IN (${old})`, [instant]);
    this.#store.write(`DELETE FROM executions WHERE id IN (${old})`, [instant]);
    this.#store.write('DELETE FROM map_runs WHERE stopped < ?', [instant]);
  }

  /** Takes up the frames that were open when the process ended, and opens their tokens for answers. */
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

  /** Goes on with every interrupted execution; the children of a map run go on with it. */
  resumeAll(): void {
    const roots = "SELECT * FROM executions WHERE status = 'RUNNING' AND map_run IS NULL";
    for (const row of this.#store.all<ExecutionRow>(roots)) {
      const { flow, timeoutSeconds } = this.#machines.machine(row.revision);
      this.resume(row, flow, timeoutSeconds);
    }
  }

  /** Starts an execution; it runs on its own from here. Its start survives a crash with the next commit. */
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

  /** Goes on with an execution from where a crash left it. */
  resume(row: ExecutionRow, flow: Flow, timeoutSeconds?: number): OpenExecution {
    const frames = this.#interrupted.get(row.id);
    this.#interrupted.delete(row.id);
    return this.#run(row, flow, timeoutSeconds, frames);
  }

  #run(row: ExecutionRow, flow: Flow, timeout?: number, frames?: Map<string, FrameState>): OpenExecution {
    const execution = new OpenExecution(row, this.#host, this.#store, frames);
    this.#open.set(row.arn, execution);
    void execution.ended.then(() => {
      this.#open.delete(row.arn);
      if (row.map_run === null) this.#machines.sweep(row.machine);
    });
    void execution.run(flow, timeout);
    return execution;
  }

  /** An open execution; undefined for one that has ended or never was. */
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

  /** Resolves when an execution has ended, at once where it has. Throws `ExecutionDoesNotExist`. */
  async ended(arn: string): Promise<Outcome> {
    const open = this.#open.get(arn);
    if (open !== undefined) return open.ended;
    const { status, output, error, cause } = this.get(arn);
    if (status === 'RUNNING') throw new Error(`${arn} is a child of a map run, which alone can wait for it`);
    return {
      status,
      ...(output === null ? {} : { output }),
      ...(error === null ? {} : { error }),
      ...(cause === null ? {} : { cause }),
    };
  }
}
