import type { MessagePort } from 'node:worker_threads';

/** The code and configuration of a function, as AWS passes them to the runtime. */
export interface EnvironmentSpec {
  readonly functionName: string;
  /** The folder of the code bundle, which is `LAMBDA_TASK_ROOT`. */
  readonly taskRoot: string;
  /** `file.export`, as on AWS. */
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
  /** When the function times out, in milliseconds since 1970. */
  readonly deadline: number;
  readonly traceHeader: string;
}

/** An error in the format of Lambda's runtime: the payload of a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How an invocation ended in its environment. `crash` and `timeout` also ended the environment. */
export type Outcome =
  | { readonly kind: 'success'; readonly payload: string }
  | { readonly kind: 'error' | 'crash'; readonly error: FunctionError }
  | { readonly kind: 'timeout' };

/** Messages to the runtime in an environment. */
export type ToRuntime = { readonly type: 'invoke' } & Invocation;

/** Messages from the runtime in an environment. Log text precedes the result of the invocation that wrote it. */
export type FromRuntime =
  | { readonly type: 'ready' }
  | { readonly type: 'init-error'; readonly error: FunctionError }
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'success'; readonly payload: string }
  | { readonly type: 'error'; readonly error: FunctionError };

/** The start parameters of the runtime. */
export interface RuntimeData {
  readonly taskRoot: string;
  readonly handler: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly compileCache: string;
  /** Whether it leaves the processors to the gateways of this machine where they are busy. */
  readonly yields: boolean;
  readonly memoryMb: number;
  readonly functionName: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** The way to the gateway. */
  readonly gateway: { readonly port: MessagePort; readonly endpoint: string };
}
