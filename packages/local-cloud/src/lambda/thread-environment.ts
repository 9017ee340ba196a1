import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
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

/**
 * Environments as worker threads. The runtime is written once to `directory` as JavaScript, because stripping its types in
 * each thread would double the 50 CPU-ms that a thread needs to start. `codeCache` stores the compiled code of handlers.
 */
export function threadEnvironments(directory: string, codeCache: string): StartEnvironment {
  const source = withoutTypes(readFileSync(new URL('environment.worker.ts', import.meta.url), 'utf8'));
  const runtime = join(directory, `runtime-${createHash('sha256').update(source).digest('hex').slice(0, 12)}.mjs`);
  // Node creates what is below the cache with its own modes: nobody else may get there.
  for (const folder of [directory, codeCache]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(runtime, source, { mode: 0o600 });
  return (spec, onLog) => new ThreadEnvironment(runtime, codeCache, spec, onLog);
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

  constructor(runtime: string, compileCache: string, spec: EnvironmentSpec, onLog: (text: string) => void) {
    const ready = Promise.withResolvers<FunctionError | undefined>();
    this.ready = ready.promise;
    this.#settleReady = ready.resolve;
    const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${this.id}`;
    const { taskRoot, handler, logFormat, memoryMb, functionName, logGroup } = spec;
    const data: RuntimeData = {
      taskRoot,
      handler,
      logFormat,
      memoryMb,
      functionName,
      logGroup,
      logStream,
      compileCache,
    };
    this.#worker = new Worker(runtime, {
      name: functionName,
      workerData: data,
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
