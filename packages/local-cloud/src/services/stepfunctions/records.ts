/** Rows of the store. */

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly role_arn: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'DELETING';
  readonly created: number;
  /** JSON: settings that are returned as they were given (logging, tracing, encryption, tags). */
  readonly settings: string;
}

export interface RevisionRow {
  readonly id: number;
  readonly definition: string;
  readonly revision_id: string;
  readonly updated: number;
}

export interface ExecutionRow {
  readonly id: number;
  readonly arn: string;
  /** ARN of the state machine. For a child of a map run it includes the label: `…:stateMachine:Machine/Label`. */
  readonly machine: string;
  readonly name: string;
  readonly revision: number;
  readonly role_arn: string;
  readonly input: string;
  readonly status: ExecutionStatus;
  readonly started: number;
  readonly stopped: number | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly map_run: string | null;
  /** Number of the map run's items that this child processes. */
  readonly items: number;
}

export interface EventRow {
  readonly id: number;
  readonly previous: number;
  readonly at: number;
  readonly type: string;
  readonly details: string;
}

export interface MapRunRow {
  readonly arn: string;
  readonly execution: string;
  readonly machine: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly started: number;
  readonly stopped: number | null;
  /** JSON: `MapRunSettings`. */
  readonly settings: string;
  readonly children: number | null;
  readonly items: number | null;
  /** Items whose results have been written to S3. */
  readonly written: number;
}
