import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Environment, StartEnvironment } from './environment.ts';
import type {
  EnvironmentSpec,
  FromRuntime,
  FunctionError,
  Invocation,
  Outcome,
  RuntimeData,
  ToRuntime,
} from './protocol.ts';

/** The gateway, as environments reach it. */
export interface GatewayOfEnvironments {
  readonly endpoint: string;
  connect(port: MessagePort): void;
}

/** Where environments start. */
export interface ThreadHost {
  /** The folder to which the runtime is written. */
  readonly directory: string;
  /** Stores the compiled code of handlers. */
  readonly codeCache: string;
  readonly gateway: () => GatewayOfEnvironments;
  /** Local clouds that share this machine. */
  readonly clouds: number;
}

/**
 * MiB of a heap's space for new objects. V8 begins with one, and what a bundle makes while it loads lives on, so it would be
 * copied each time that the space is full: a fifth of a cold start.
 */
const NEW_SPACE = 2;
/** Where clouds share a machine, memory is scarcer. */
const NEW_SPACE_IF_SHARED = 1;

/**
 * Environments as worker threads. The runtime is written once as JavaScript, because stripping its types in each thread
 * would double the 50 CPU-ms that a thread needs to start.
 */
export function threadEnvironments({ directory, codeCache, gateway, clouds }: ThreadHost): StartEnvironment {
  setFlagsFromString(`--min-semi-space-size=${clouds > 1 ? NEW_SPACE_IF_SHARED : NEW_SPACE}`);
  // Node creates what is below the cache with its own modes: nobody else may get there.
  for (const folder of [directory, codeCache]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [calls, compiled] = ['../gateway/channel/calls.worker.ts', './compiled.worker.ts'] as const;
  const source = sourceOf('environment.worker.ts')
    .replace(calls, `./${write(directory, 'calls', sourceOf(calls))}`)
    .replace(compiled, `./${write(directory, 'compiled', sourceOf(compiled))}`);
  const runtime = join(directory, write(directory, 'runtime', source));
  return (spec, onLog) =>
    new ThreadEnvironment({ runtime, compileCache: codeCache, yields: clouds > 1, gateway: gateway() }, spec, onLog);
}

const sourceOf = (file: string): string => withoutTypes(readFileSync(new URL(file, import.meta.url), 'utf8'));

/** Writes a module under a name that changes with its content. Returns the name. */
function write(directory: string, name: string, source: string): string {
  const file = `${name}-${createHash('sha256').update(source).digest('hex').slice(0, 12)}.mjs`;
  writeFileSync(join(directory, file), source, { mode: 0o600 });
  return file;
}

interface Started {
  readonly runtime: string;
  readonly compileCache: string;
  readonly yields: boolean;
  readonly gateway: GatewayOfEnvironments;
}

/** Strips types without Node's warning that the function is experimental, which users cannot act on. */
function withoutTypes(source: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

class ThreadEnvironment implements Environment {
  readonly id = randomBytes(4).toString('hex');
  readonly ready: Promise<FunctionError | undefined>;
  readonly gone: Promise<void>;
  readonly #worker: Worker;
  readonly #settleReady: (error: FunctionError | undefined) => void;
  #settle: ((outcome: Outcome) => void) | undefined;
  #failure: FunctionError | undefined;

  constructor(
    { runtime, compileCache, yields, gateway }: Started,
    spec: EnvironmentSpec,
    onLog: (text: string) => void,
  ) {
    const ready = Promise.withResolvers<FunctionError | undefined>();
    this.ready = ready.promise;
    this.#settleReady = ready.resolve;
    const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${this.id}`;
    const { taskRoot, handler, logFormat, memoryMb, functionName, logGroup } = spec;
    const { port1: ours, port2: theirs } = new MessageChannel();
    gateway.connect(ours);
    const data: RuntimeData = {
      taskRoot,
      handler,
      logFormat,
      memoryMb,
      functionName,
      logGroup,
      logStream,
      compileCache,
      yields,
      gateway: { port: theirs, endpoint: gateway.endpoint },
    };
    this.#worker = new Worker(runtime, {
      name: functionName,
      workerData: data,
      transferList: [theirs],
      env: { ...spec.variables, AWS_LAMBDA_LOG_STREAM_NAME: logStream },
      stdout: true,
      stderr: true,
      execArgv: [],
      // On AWS the memory size limits the whole process. Here it limits the heap, which a leak would fill. With less than
      // 64 MB V8 cannot load the AWS SDK.
      resourceLimits: { maxOldGenerationSizeMb: Math.max(64, memoryMb) },
    });
    // The runtime sends its output as messages. Only fatal errors of Node itself arrive here.
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', onLog);
    }
    this.#worker.on('message', (message: FromRuntime) => this.#receive(message, onLog));
    this.#worker.on('error', (error: Error & { code?: string }) => (this.#failure = crashError(error)));
    this.gone = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#exited(code);
        resolve();
      });
    });
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    if (this.#settle !== undefined) throw new Error(`Environment ${this.id} received two events at once.`);
    const timer = setTimeout(() => this.#timeOut(), invocation.deadline - Date.now());
    this.#settle = (outcome) => {
      clearTimeout(timer);
      this.#settle = undefined;
      resolve(outcome);
    };
    this.#worker.postMessage({ type: 'invoke', ...invocation } satisfies ToRuntime);
    return promise;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: FromRuntime, onLog: (text: string) => void): void {
    switch (message.type) {
      case 'log':
        return onLog(message.text);
      case 'ready':
        return this.#settleReady(undefined);
      case 'init-error':
        return this.#settleReady(message.error);
      case 'success':
        return this.#settle?.({ kind: 'success', payload: message.payload });
      case 'error':
        return this.#settle?.({ kind: 'error', error: message.error });
    }
  }

  #timeOut(): void {
    this.#settle?.({ kind: 'timeout' });
    void this.#worker.terminate();
  }

  #exited(code: number): void {
    const error = this.#failure ?? {
      errorType: 'Runtime.ExitError',
      errorMessage: `Error: Runtime exited with error: exit status ${code}`,
    };
    this.#settleReady(error);
    this.#settle?.({ kind: 'crash', error });
  }
}

function crashError(error: Error & { code?: string }): FunctionError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Error: Runtime exited with error: signal: killed' };
  }
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
