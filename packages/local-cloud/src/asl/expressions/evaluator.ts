import { fork, type ChildProcess } from 'node:child_process';
import { z } from 'zod';
import type { Json } from '../json.ts';
import { EVALUATION_LIMITS, type Evaluation } from './evaluation.ts';
import type { Result } from './result.ts';

/**
 * Evaluates expressions in a process of its own, which can be killed. A worker thread is not enough: when an expression
 * allocates one large array, V8 ends the whole process and not the thread.
 *
 * Invariants
 * 1. One expression runs at a time in a process, so that the limits are those of one expression.
 * 2. An expression that fails ends its process, whose memory it may have filled. The expressions behind it get a new one.
 * 3. An idle process keeps neither this process nor itself alive.
 */

interface Job {
  readonly evaluation: Evaluation;
  readonly settle: (result: Result) => void;
}

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('value'), value: z.custom<Json>((value) => value !== undefined) }),
  z.object({ kind: z.literal('undefined') }),
  z.object({ kind: z.literal('unsupported') }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

const failed = (reason: string): Result => ({ kind: 'failed', reason });

export class Evaluator {
  readonly #limitMs: number;
  readonly #waiting: Job[] = [];
  #child: ChildProcess | undefined;
  #ready = false;
  #running: Job | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number = EVALUATION_LIMITS.ms) {
    this.#limitMs = limitMs;
  }

  /** Never rejects: a limit is the result `failed`. */
  evaluate(evaluation: Evaluation): Promise<Result> {
    return new Promise((settle) => {
      this.#waiting.push({ evaluation, settle });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running !== undefined || this.#waiting.length === 0) return;
    const child = (this.#child ??= this.#start());
    hold(child);
    if (!this.#ready) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#running = job;
    this.#timer = setTimeout(() => {
      this.#end(failed(`The evaluation exceeded the time limit of ${this.#limitMs} ms.`));
      this.#discard(child);
    }, this.#limitMs);
    child.send(job.evaluation);
  }

  #start(): ChildProcess {
    const child = fork(new URL('./evaluator.process.ts', import.meta.url), [], {
      execArgv: [`--max-old-space-size=${EVALUATION_LIMITS.heapMb}`],
      // It needs nothing of the environment, which may contain keys.
      env: {},
      // V8 prints its stack when the memory is exhausted.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (message) => this.#answered(child, message));
    child.once('exit', () => this.#gone(child));
    child.on('error', () => this.#gone(child));
    return child;
  }

  #answered(child: ChildProcess, message: unknown): void {
    if (child !== this.#child) return;
    const answer = answerSchema.parse(message);
    if (answer.kind === 'ready') this.#ready = true;
    else this.#end(answer);
    if (answer.kind === 'failed') return this.#discard(child);
    if (this.#waiting.length > 0) this.#next();
    else if (this.#running === undefined) release(child);
  }

  /** The process ended by itself: the expression used all of its memory, or the process could not start. */
  #gone(child: ChildProcess): void {
    if (child !== this.#child) return;
    const started = this.#ready;
    this.#discard(child);
    const reason = `The evaluation exceeded the memory limit of ${EVALUATION_LIMITS.heapMb} MB.`;
    if (this.#running !== undefined) this.#end(failed(reason));
    else if (!started) this.#waiting.shift()?.settle(failed('The process that evaluates expressions did not start.'));
    this.#next();
  }

  #discard(child: ChildProcess): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#ready = false;
    child.kill('SIGKILL');
    this.#next();
  }

  #end(result: Result): void {
    clearTimeout(this.#timer);
    const job = this.#running;
    this.#running = undefined;
    job?.settle(result);
  }
}

/** Keeps this process alive until an answer arrives. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

let shared: Evaluator | undefined;

/** The evaluator of this process. Its child starts with the first expression that needs it. */
export function evaluatorOf(): Evaluator {
  return (shared ??= new Evaluator());
}
