import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { FailureError } from '#core/failures/failure.ts';
import { tooHungry, tooMuchWork, tooSlow } from './limits.ts';
import type { Reading, ReadSettings } from './read-document.ts';

export interface Question {
  readonly bytes: Uint8Array;
  readonly settings: ReadSettings;
}

/** A reading, the reason of a permanent failure, or an error of the program. */
export type Answer = { readonly reading: Reading } | { readonly reason: string } | { readonly error: string };

/** The thread's program. In a bundle, see bundled.ts, it lies beside the module. */
const program = new URL(import.meta.url.endsWith('.ts') ? 'reader.worker.ts' : 'pdf-reader.mjs', import.meta.url);

/** How often the thread is looked at. In this time a bomb unpacks about 50 MB. */
const WATCH_MS = 25;

/**
 * Reads a PDF in a thread of its own. pdf.js cannot be bounded, but a thread can be ended: after the time limits, and
 * when it holds more than the memory limit. All PDFs of a process share one thread and wait for it in turn.
 */
export function readInThread(bytes: Uint8Array, settings: ReadSettings): Promise<Reading> {
  const reading = last.then(() => readNow(bytes, settings));
  last = reading.catch(() => undefined);
  return reading;
}

let last: Promise<unknown> = Promise.resolve();
let idle: Worker | undefined;
/** The memory limit of the idle thread. V8 lets garbage lie until a heap is near its limit, so another limit needs another thread. */
let idleMb = 0;

/** V8 keeps the heap of an ended thread for 8 seconds. A thread that starts earlier adds its own memory. */
const KEPT_MS = 9_000;
/** A heap that is worth waiting for. Only operators and states by the million fill as much. */
const LARGE_HEAP = 100 * 1_048_576;
/** Bytes of the last thread's heap, and when V8 gives back what ended threads left. */
let heap = 0;
let freeAt = 0;

async function readNow(bytes: Uint8Array, settings: ReadSettings): Promise<Reading> {
  const worker = await threadFor(settings);
  worker.ref();
  const ended = new AbortController();
  try {
    const answer = await ask(worker, { bytes: bytes.slice(), settings }, ended.signal);
    idle = worker;
    return unpack(answer);
  } finally {
    ended.abort();
    if (idle === worker) worker.unref();
    else await end(worker);
  }
}

/** Resolves to the thread's answer. Rejects when the thread ends or exceeds a limit. */
function ask(worker: Worker, question: Question, ended: AbortSignal): Promise<Answer> {
  const { limits } = question.settings;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow(limits)), limits.seconds * 1_000);
    const before = workOf(worker);
    const watch = setInterval(() => {
      void heldBy(worker).then((bytes) => {
        if (bytes > limits.memoryMb * 1_048_576) reject(tooHungry(limits));
      });
      void Promise.all([workOf(worker), before]).then(([now, then]) => {
        if (now - then > limits.cpuSeconds) reject(tooMuchWork(limits));
      });
    }, WATCH_MS);
    const onError = (error: Error & { code?: string }): void =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooHungry(limits) : error);
    const onExit = (): void => reject(new Error('The thread that reads PDFs ended.'));
    worker.on('message', resolve).on('error', onError).on('exit', onExit);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
      clearInterval(watch);
      worker.off('message', resolve).off('error', onError).off('exit', onExit);
    });
    worker.postMessage(question, [question.bytes.buffer as ArrayBuffer]);
  });
}

/** Bytes that a thread holds, with the free parts of its heap's pages, even while it is busy. 0 if it has just ended. */
const heldBy = (worker: Worker): Promise<number> =>
  worker.getHeapStatistics().then(
    ({ total_physical_size, external_memory }) => {
      heap = total_physical_size;
      return heap + external_memory;
    },
    () => 0,
  );

/** Seconds of a processor that a thread has used. 0 if it has just ended. */
const workOf = (worker: Worker): Promise<number> =>
  worker.cpuUsage().then(
    ({ user, system }) => (user + system) / 1e6,
    () => 0,
  );

async function end(worker: Worker): Promise<void> {
  await worker.terminate();
  if (heap > LARGE_HEAP) freeAt = performance.now() + KEPT_MS;
}

/**
 * For new objects. With V8's own size, much of the memory that counts is garbage: a book of 337 pages, read again in the
 * same thread, held 354 MB instead of 177.
 */
const YOUNG_MB = 24;

/** The thread that waits for work, if its heap has the same limit, or a new one. */
async function threadFor(settings: ReadSettings): Promise<Worker> {
  const waiting = idle;
  idle = undefined;
  if (waiting && idleMb === settings.limits.memoryMb) return waiting;
  if (waiting) await end(waiting);
  idleMb = settings.limits.memoryMb;
  return startThread(settings);
}

async function startThread({ limits }: ReadSettings): Promise<Worker> {
  const kept = freeAt - performance.now();
  if (kept > 0) await delay(kept);
  heap = 0;
  return new Worker(program, {
    name: 'pdf-reader',
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
}

function unpack(answer: Answer): Reading {
  if ('reading' in answer) return answer.reading;
  if ('reason' in answer) throw new FailureError({ kind: 'permanent', reason: answer.reason });
  throw new Error(answer.error);
}
