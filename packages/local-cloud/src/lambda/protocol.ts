/** What an environment is made of: a function's code and configuration, as AWS would hand them to its runtime. */
export interface EnvironmentSpec {
  readonly functionName: string;
  /** Folder of the code bundle, which is `LAMBDA_TASK_ROOT`. */
  readonly taskRoot: string;
  /** `file.export`, as in AWS. */
  readonly handler: string;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
}

/** One event for an environment. */
export interface Invocation {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  readonly functionArn: string;
  /** Milliseconds since 1970 at which the function's time limit ends. */
  readonly deadline: number;
  readonly traceHeader: string;
}

/** An error as Lambda's runtime reports it, in the payload of a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How an invocation ended in its environment. `crash` and `timeout` took the environment with them. */
export type Outcome =
  | { readonly kind: 'success'; readonly payload: string }
  | { readonly kind: 'error' | 'crash'; readonly error: FunctionError }
  | { readonly kind: 'timeout' };

/** What the runtime in an environment is told. */
export type ToRuntime = { readonly type: 'invoke' } & Invocation;

/** What the runtime in an environment says. Log text comes before the result of the invocation that wrote it. */
export type FromRuntime =
  | { readonly type: 'ready' }
  | { readonly type: 'init-error'; readonly error: FunctionError }
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'success'; readonly payload: string }
  | { readonly type: 'error'; readonly error: FunctionError };

/** What the runtime starts from. */
export interface RuntimeData {
  readonly taskRoot: string;
  readonly handler: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly compileCache: string;
  readonly memoryMb: number;
  readonly functionName: string;
  readonly logGroup: string;
  readonly logStream: string;
}
