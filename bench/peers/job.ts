import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** One task of the job. */
export interface Task {
  readonly key: string;
  /** A session of its own. */
  readonly session: string;
  /** What the model is asked. Its answer repeats it. */
  readonly text: string;
}

/** What the runner orders from a client program: one line of JSON on its standard input. */
export interface Order {
  /** Keys begin with it, so that no two orders of a measurement share a task. */
  readonly prefix: string;
  readonly count: number;
  /** Tasks submitted per second, at an even rate; null submits all at once. */
  readonly perSecond: number | null;
  /** Milliseconds after which the client stops waiting for a task. */
  readonly timeoutMs: number;
}

/** What a client program answers: one line of JSON on its standard output. Times are epoch milliseconds with fractions. */
export interface Report {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly tasks: readonly Done[];
}

/** A task as the client saw it. */
export interface Done {
  readonly key: string;
  readonly submittedAt: number;
  /** Null if the task did not end in time. */
  readonly answer: string | null;
  /** By which the model's ledger names the task: the part of `x-step-id` before the slash. */
  readonly ledgerKey: string | null;
}

/** How a client program submits tasks, and waits for them for a while. Each promise gives the answer, and the ledger's name for the task. */
export type Submit = (
  tasks: readonly Task[],
  timeoutMs: number,
) => Promise<readonly Promise<{ readonly answer: string; readonly ledgerKey: string }>[]>;

export const tasksOf = ({ prefix, count }: Pick<Order, 'prefix' | 'count'>): readonly Task[] =>
  Array.from({ length: count }, (_, index) => {
    const key = `${prefix}${String(index).padStart(6, '0')}`;
    return { key, session: `s-${key}`, text: `Say ${key}.` };
  });

/** The same clock in every process. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Runs a client program: prints `ready`, then works on one order after the other until its input ends. */
export async function serveOrders(submit: Submit): Promise<void> {
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const report = await work(JSON.parse(line) as Order, submit);
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}

async function work(order: Order, submit: Submit): Promise<Report> {
  const tasks = tasksOf(order);
  const startedAt = now();
  const done = order.perSecond === null ? await burst(order, tasks, submit) : await evenly(order, tasks, submit);
  return { startedAt, endedAt: now(), tasks: done };
}

async function burst({ timeoutMs }: Order, tasks: readonly Task[], submit: Submit): Promise<Done[]> {
  const submittedAt = now();
  const answers = await submit(tasks, timeoutMs);
  return Promise.all(tasks.map(({ key }, index) => settled({ key, submittedAt }, timeoutMs, answers[index])));
}

/** An open loop: the next task is due when it is due, however long those before it take. */
async function evenly(order: Order, tasks: readonly Task[], submit: Submit): Promise<Done[]> {
  const startedAt = now();
  const pending: Promise<Done>[] = [];
  for (const [index, task] of tasks.entries()) {
    const dueAt = startedAt + (index * 1_000) / (order.perSecond ?? 1);
    await pause(Math.max(0, dueAt - now()));
    const submittedAt = now();
    const answer = submit([task], order.timeoutMs).then(async ([first]) =>
      first === undefined ? Promise.reject(NONE) : first,
    );
    pending.push(settled({ key: task.key, submittedAt }, order.timeoutMs, answer));
  }
  return Promise.all(pending);
}

const NONE = new Error('The client returned no answer.');

async function settled(
  task: Pick<Done, 'key' | 'submittedAt'>,
  timeoutMs: number,
  answer: Promise<{ readonly answer: string; readonly ledgerKey: string }> | undefined,
): Promise<Done> {
  const limit = new AbortController();
  const late = pause(timeoutMs, undefined, { signal: limit.signal, ref: false }).catch(() => undefined);
  const first = await Promise.race([answer?.catch(() => undefined), late]);
  limit.abort();
  return { ...task, answer: first?.answer ?? null, ledgerKey: first?.ledgerKey ?? null };
}
