import type { Template } from './evaluate.ts';

/** A compiled state machine, created by `compile`. */
export interface Machine {
  readonly flow: Flow;
  /** Time limit of the whole execution. */
  readonly timeoutSeconds: number | undefined;
}

/** States that run in sequence: a state machine, a branch of a Parallel, the item processor of a Map. */
export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export type State =
  | TaskState
  | ChoiceState
  | MapState
  | ParallelState
  | WaitState
  | PassState
  | SucceedState
  | FailState;

export type Assign = readonly { readonly name: string; readonly value: Template }[];

/** What happens after a state, choice rule or catcher. Without `output` the value passes unchanged. */
export interface Exit {
  /** The next state; undefined ends the flow. */
  readonly next: string | undefined;
  readonly assign: Assign;
  readonly output: Template | undefined;
}

interface Common extends Exit {
  readonly name: string;
}

/** The states that have Retry and Catch: Task, Map and Parallel. */
export interface Fallible {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'FULL' | 'NONE';
}

export interface Catcher extends Exit {
  readonly errorEquals: readonly string[];
}

export interface TaskState extends Common, Fallible {
  readonly type: 'Task';
  readonly resource: string;
  readonly arguments: Template | undefined;
  readonly timeoutSeconds: Template | undefined;
  readonly heartbeatSeconds: Template | undefined;
}

export interface ChoiceState extends Common {
  readonly type: 'Choice';
  readonly choices: readonly (Exit & { readonly condition: Template })[];
  /** Whether `next` comes from Default. Without Default, a miss fails with `States.NoChoiceMatched`. */
  readonly hasDefault: boolean;
}

export interface ParallelState extends Common, Fallible {
  readonly type: 'Parallel';
  readonly arguments: Template | undefined;
  readonly branches: readonly Flow[];
}

export interface MapState extends Common, Fallible {
  readonly type: 'Map';
  readonly processor: Flow;
  readonly items: Template | undefined;
  readonly itemSelector: Template | undefined;
  readonly maxConcurrency: Template | undefined;
  /** Set only for a Distributed Map, whose iterations are child executions. */
  readonly distributed: Distributed | undefined;
}

export interface Distributed {
  /** Part of the ARNs of the map run and its children. */
  readonly label: string;
  readonly executionType: 'STANDARD' | 'EXPRESS';
  readonly reader: ItemReader | undefined;
  readonly batcher: ItemBatcher | undefined;
  readonly writer: ResultWriter | undefined;
  readonly toleratedFailureCount: Template | undefined;
  readonly toleratedFailurePercentage: Template | undefined;
}

export interface ItemReader {
  readonly action: 'listObjectsV2' | 'getObject';
  readonly arguments: Template;
  readonly inputType: 'JSON' | 'JSONL' | 'CSV';
  /** Column names of a CSV file. Undefined reads them from its first row. */
  readonly csvHeaders: readonly string[] | undefined;
  readonly csvDelimiter: string;
  readonly maxItems: Template | undefined;
}

export interface ItemBatcher {
  readonly maxItems: Template | undefined;
  readonly maxBytes: Template | undefined;
  readonly batchInput: Template | undefined;
}

export interface ResultWriter {
  /** Bucket and Prefix. Undefined only formats the output of the state. */
  readonly arguments: Template | undefined;
  readonly transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
  readonly outputType: 'JSON' | 'JSONL';
}

export interface WaitState extends Common {
  readonly type: 'Wait';
  readonly seconds: Template | undefined;
  readonly timestamp: Template | undefined;
}

export interface PassState extends Common {
  readonly type: 'Pass';
}

export interface SucceedState extends Common {
  readonly type: 'Succeed';
}

export interface FailState extends Common {
  readonly type: 'Fail';
  readonly error: Template | undefined;
  readonly cause: Template | undefined;
}
