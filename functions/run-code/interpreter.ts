/**
 * The program inside the sandbox's process. It reads one order from stdin, interprets its code, and writes one outcome to
 * stdout. The code runs in QuickJS compiled to WebAssembly, so it cannot reach anything that this process can do: no
 * modules, no Node.js globals, and of its folder only the text that `readFile` and `fileNames` return.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import { newQuickJSWASMModuleFromVariant, shouldInterruptAfterDeadline } from 'quickjs-emscripten-core';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { orderSchema, type Order } from '#adapters/sandbox/order.ts';
import { outcomeSchema, type SandboxOutcome } from '#core/ports/sandbox.ts';
import { startOf } from '#core/text/text.ts';

/** Bytes of native stack. QuickJS counts its own use and ends a recursion before the process's stack is full. */
const STACK_BYTES = 256 * 1024;
const MIB = 1024 * 1024;
const TAMPERED = 'The code tampered with its result: it is not JSON.';
/** Maximum length of a problem. */
const PROBLEM_CHARS = 2_000;

async function interpret(order: Order): Promise<SandboxOutcome> {
  const { limits } = order;
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime({ memoryLimitBytes: limits.memoryMb * MIB, maxStackSizeBytes: STACK_BYTES });
  runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + limits.timeMs));
  const context = runtime.newContext();
  openFolder(context, order.folder);
  const started = context.evalCode(
    `(async (input) => { ${order.code}\n})(JSON.parse(${JSON.stringify(JSON.stringify(order.input))}))` +
      `.then((value) => JSON.stringify(value) ?? 'null')`,
    'program.js',
  );
  if (started.error) return failed(context, started.error);
  const ended = context.resolvePromise(started.value);
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return failed(context, jobs.error);
  if (context.getPromiseState(started.value).type === 'pending') {
    return {
      ok: false,
      problem: 'The code waits for a promise that never settles: there are no timers and no network.',
    };
  }
  const result = await ended;
  if (result.error) return failed(context, result.error);
  return outcomeOf(context, result.value, limits.outputChars);
}

function outcomeOf(context: QuickJSContext, value: QuickJSHandle, longest: number): SandboxOutcome {
  if (context.typeof(value) !== 'string') return { ok: false, problem: TAMPERED };
  const length = context.getProp(value, 'length').consume((handle) => context.getNumber(handle));
  if (length > longest) {
    return { ok: false, problem: `The result is ${length} characters of JSON, but at most ${longest} are allowed.` };
  }
  try {
    return outcomeSchema.parse({ ok: true, output: JSON.parse(context.getString(value)) });
  } catch {
    return { ok: false, problem: TAMPERED };
  }
}

/** Gives the code access to the folder's files by plain names: no links, no other folders. */
function openFolder(context: QuickJSContext, folder: string): void {
  const define = (name: string, run: (argument: string) => string): void =>
    context
      .newFunction(name, (handle) => {
        try {
          return context.newString(run(handle === undefined ? '' : context.getString(handle)));
        } catch {
          return { error: context.newError(`${name}: file not found`) };
        }
      })
      .consume((handle) => context.setProp(context.global, name, handle));
  define('readFile', (name) => readPlain(folder, name));
  define('fileNamesAsJson', () => JSON.stringify(readdirSync(folder)));
  context
    .unwrapResult(context.evalCode('globalThis.fileNames = ((list) => () => list)(JSON.parse(fileNamesAsJson()))'))
    .dispose();
}

function readPlain(folder: string, name: string): string {
  if (!/^\w[\w.-]*$/.test(name)) throw new Error('not a plain name');
  const file = openSync(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(file).isFile()) throw new Error('not a file');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function failed(context: QuickJSContext, error: QuickJSHandle): SandboxOutcome {
  const thrown: unknown = context.dump(error);
  const { name, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  const problem = typeof message === 'string' ? `${String(name)}: ${message}` : `The code threw ${String(thrown)}`;
  return {
    ok: false,
    problem: startOf(problem === 'InternalError: interrupted' ? 'The code ran out of time.' : problem, PROBLEM_CHARS),
  };
}

const order = orderSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
const outcome = await interpret(order);
writeSync(1, JSON.stringify(outcome));
process.exit(0);
