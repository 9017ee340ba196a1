/**
 * The runtime inside a Lambda environment. It loads the handler, then runs one event at a time. Of this package it imports
 * only types, `calls.worker.ts` and `compiled.worker.ts`, because it starts as these JavaScript files (thread-environment.ts).
 */
import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { sendCallsOver } from '../gateway/channel/calls.worker.ts';
import { loadCompiled, withoutLoaderWarning } from './compiled.worker.ts';
import type { FromRuntime, FunctionError, RuntimeData, ToRuntime } from './protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

/** The handler cannot be loaded. `type` is the error type of AWS's runtime. */
class LoadError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}

const data = workerData as RuntimeData;
let requestId = '';

function post(message: FromRuntime): void {
  parentPort?.postMessage(message);
}

/** Converts any thrown value to the error format of Lambda's newest Node.js runtimes. */
function functionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** Sends log text over the message port, so that it arrives before the result of the event that wrote it. */
function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      post({ type: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8') });
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') queueMicrotask(() => void Reflect.apply(done, undefined, []));
      return true;
    };
    Object.assign(stream, { write });
  }
}

/** Writes a log entry in the format of Lambda's runtime: a line with time, request id and level, or a JSON record. */
function writeLine(level: string, values: readonly unknown[]): void {
  const timestamp = new Date().toISOString();
  const text = format(...values);
  const line =
    data.logFormat === 'JSON'
      ? JSON.stringify({ timestamp, level, requestId, message: values.length === 1 ? values[0] : text })
      : `${timestamp}\t${requestId}\t${level}\t${text}`;
  process.stdout.write(`${line}\n`);
}

function captureConsole(): void {
  const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' };
  for (const [method, level] of Object.entries(levels)) {
    Object.assign(console, { [method]: (...values: unknown[]) => writeLine(level, values) });
  }
}

async function loadHandler(): Promise<Handler> {
  const slash = data.handler.lastIndexOf('/') + 1;
  const dot = data.handler.indexOf('.', slash);
  if (dot < 0) throw new LoadError('Runtime.MalformedHandlerName', `Bad handler: "${data.handler}" is not file.export`);
  const base = join(data.taskRoot, data.handler.slice(0, dot));
  // Lambda prefers `.mjs`. Our bundles have one beside, of one line that exports the `.cjs` file, whose code can be kept.
  const file = ['.js', '.cjs', '.mjs'].map((extension) => base + extension).find((path) => existsSync(path));
  if (file === undefined) {
    throw new LoadError('Runtime.ImportModuleError', `Error: Cannot find module '${data.handler.slice(0, dot)}'`);
  }
  const module = await load(file);
  const names = data.handler.slice(dot + 1).split('.');
  // The exports of a CommonJS bundle are under `default` when Node cannot detect their names.
  const handler = follow(module, names) ?? follow(follow(module, ['default']), names);
  if (typeof handler === 'function' && handler.length > 2) {
    const reason = 'callback-based handlers are not supported from Node.js 24. Return a promise';
    throw new LoadError('Runtime.CallbackHandlerDeprecated', `ERROR: ${reason}.`);
  }
  if (typeof handler === 'function') return handler as Handler;
  throw new LoadError('Runtime.HandlerNotFound', `${data.handler} is undefined or not exported`);
}

/** Keeps compiled code. Node's own cache does it for ES modules, and is written when told. */
let keepCode: () => void = flushCompileCache;

async function load(file: string): Promise<unknown> {
  if (!file.endsWith('.cjs')) return import(pathToFileURL(file).href);
  withoutLoaderWarning();
  const loaded = loadCompiled(file, join(data.compileCache, 'scripts'));
  ({ keepCode } = loaded);
  return loaded.exports;
}

function follow(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
    value,
  );
}

function contextOf(message: ToRuntime): object {
  return {
    awsRequestId: message.requestId,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: String(data.memoryMb),
    logGroupName: data.logGroup,
    logStreamName: data.logStream,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
  };
}

async function run(handler: Handler, message: ToRuntime): Promise<void> {
  requestId = message.requestId;
  process.env['_X_AMZN_TRACE_ID'] = message.traceHeader;
  try {
    const result: unknown = await handler(JSON.parse(message.payload), contextOf(message));
    post({ type: 'success', payload: JSON.stringify(result) ?? 'null' });
  } catch (thrown) {
    const error = functionError(thrown);
    writeLine('ERROR', ['Invoke Error', JSON.stringify(error)]);
    post({ type: 'error', error });
  }
  cacheCompiledCode();
}

let cached = false;

/** Keeps compiled code once, after the first event has compiled what the handler calls. Later environments load it. */
function cacheCompiledCode(): void {
  if (cached) return;
  cached = true;
  keepCode();
}

const NICER_BY = 10;
const LEAST_PRIORITY = 19;

/**
 * The environments of several clouds share the processors with their gateways, and a start or a long computation of many of
 * them would delay every call of all. On Linux a priority is one thread's; elsewhere it is the whole process's, which would
 * change nothing.
 */
function yieldToGateway(): void {
  if (data.yields && process.platform === 'linux') setPriority(Math.min(LEAST_PRIORITY, getPriority() + NICER_BY));
}

yieldToGateway();
captureOutput();
captureConsole();
sendCallsOver(data.gateway.port, data.gateway.endpoint);
enableCompileCache(data.compileCache);
try {
  const handler = await loadHandler();
  parentPort?.on('message', (message: ToRuntime) => void run(handler, message));
  post({ type: 'ready' });
} catch (thrown) {
  post({ type: 'init-error', error: functionError(thrown) });
}
