import { hasEnded } from '#client/wait.ts';
import type { TaskPage } from '#core/api/tasks/messages.ts';

export type ListedTask = TaskPage['tasks'][number];

/** What a load test found. Times are in milliseconds. */
export interface LoadReport {
  readonly id: string;
  readonly sent: number;
  readonly accepted: number;
  /** By the response: a status, or `no answer`. */
  readonly refused: Readonly<Record<string, number>>;
  /** Responses with status 429, each followed by a retry. */
  readonly throttles: number;
  /** Ended tasks by their status. */
  readonly ended: Readonly<Record<string, number>>;
  /** Accepted and never ended: must be 0. */
  readonly lost: number;
  /** Submissions that became more than one task: must be 0. */
  readonly duplicated: number;
  /** From the first attempt to acceptance. */
  readonly acceptance: Percentiles;
  /** From acceptance to the end, by the fleet's clock. */
  readonly toEnd: Percentiles;
  readonly usd: number;
  /** Ended tasks per second, from the first acceptance to the last end. */
  readonly throughput: number;
}

export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Percentiles by nearest rank; null without measurements. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Keeps count of one load test. */
export class Tally {
  readonly #id: string;
  readonly #acceptedMs: number[] = [];
  readonly #pending = new Set<string>();
  readonly #ended = new Map<string, ListedTask>();
  /** Task ids by the number of their submission: more than one is a duplicate. */
  readonly #ids = new Map<string, Set<string>>();
  readonly #refused: Record<string, number> = {};
  #sent = 0;
  #throttles = 0;

  constructor(id: string) {
    this.#id = id;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** The ended tasks by the number of their submission. */
  get byNumber(): ReadonlyMap<string, ListedTask> {
    return new Map([...this.#ended.values()].map((task) => [task.metadata?.['nth'] ?? task.id, task]));
  }

  get ended(): number {
    return this.#ended.size;
  }

  sent(): void {
    this.#sent += 1;
  }

  throttled(): void {
    this.#throttles += 1;
  }

  refused(answer: string): void {
    this.#refused[answer] = (this.#refused[answer] ?? 0) + 1;
  }

  accepted(nth: string, id: string, ms: number): void {
    this.#acceptedMs.push(ms);
    this.#know(nth, id);
    if (!this.#ended.has(id)) this.#pending.add(id);
  }

  /** Records a listed task, if it belongs to this load test. */
  seen(task: ListedTask): void {
    if (task.metadata?.['load'] !== this.#id) return;
    this.#know(task.metadata['nth'] ?? task.id, task.id);
    if (!hasEnded(task)) return;
    this.#ended.set(task.id, task);
    this.#pending.delete(task.id);
  }

  report(): LoadReport {
    const ended = [...this.#ended.values()];
    const starts = ended.map(({ createdAt }) => Date.parse(createdAt));
    const ends = ended.map(({ finishedAt = '' }) => Date.parse(finishedAt));
    const seconds = ended.length === 0 ? 0 : (ends.reduce(larger) - starts.reduce(smaller)) / 1_000;
    return {
      id: this.#id,
      sent: this.#sent,
      accepted: this.#acceptedMs.length,
      refused: this.#refused,
      throttles: this.#throttles,
      ended: countBy(ended.map(({ status }) => status)),
      lost: this.#pending.size,
      duplicated: [...this.#ids.values()].filter(({ size }) => size > 1).length,
      acceptance: percentiles(this.#acceptedMs),
      toEnd: percentiles(ends.map((end, index) => end - (starts[index] ?? end))),
      usd: ended.reduce((sum, { spent }) => sum + spent.usd, 0),
      throughput: seconds > 0 ? ended.length / seconds : 0,
    };
  }

  #know(nth: string, id: string): void {
    const ids = this.#ids.get(nth) ?? new Set();
    this.#ids.set(nth, ids.add(id));
  }
}

const larger = (a: number, b: number): number => Math.max(a, b);
const smaller = (a: number, b: number): number => Math.min(a, b);

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
