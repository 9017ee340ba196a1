import { percentiles } from '../../load/tally.ts';
import type { Books, Entry } from './books.ts';
import { costByTask, repeatsOf, type Loss, type ModelCall } from './ledger.ts';
import { overlapsOf, type Belief } from './history.ts';

/** What a demo came to. Keys of `--json`. */
export interface Verdict {
  readonly accepted: number;
  /** Accepted tasks that had not ended when all regions were back. */
  readonly lost: number;
  /** Tasks that ended in two ways, by what callers and regions said of their ends. */
  readonly endedTwice: number;
  /** Model calls of a step that had been called before, beyond those in flight when a region was lost. */
  readonly repeatedSteps: number;
  /** Model calls that repeat one which was in flight when a region was lost: paid for twice. */
  readonly repeatedInFlight: number;
  /** Requests that failed although the client had retried them. */
  readonly failedRequests: number;
  /** Tasks whose calls cost more than their budget, by the model's ledger. */
  readonly budgetExceeded: number;
  /** Seconds from the kill until a request to the killed region's home was accepted elsewhere. Null: it never was. */
  readonly takeoverS: number | null;
  /** Milliseconds that 99 of 100 replicated changes took at most before the first fault, in the worst region. */
  readonly lagMsP99: number | null;
  /** The same for the region that was cut off. */
  readonly partitionTakeoverS: number | null;
  readonly wrongAnswers: number;
  /** Times in which two regions believed to hold one home. */
  readonly leaseOverlaps: number;
  /** Intervals in which a region believed to hold a home, by which that is judged. */
  readonly leasesSeen: number;
  /** Writes of two regions to one item that did not know of each other. */
  readonly conflicts: number;
  /** By the caller's region: milliseconds to the acceptance, before the first fault. */
  readonly acceptP50Ms: Readonly<Record<string, number | null>>;
  /** The longest that a caller waited for an acceptance. */
  readonly longestAcceptanceS: number;
  /** The most MiB that the regions, the model and the callers took together. Null where the system does not say. */
  readonly peakMemoryMiB: number | null;
  /** Seconds from the start of the load until the last ends were read. */
  readonly tookS: number;
}

export interface Evidence {
  readonly books: Books;
  readonly calls: readonly ModelCall[];
  readonly losses: readonly Loss[];
  readonly beliefs: readonly Belief[];
  readonly budgetUsd: number;
  /** When the first fault came, in milliseconds since 1970. */
  readonly firstFaultAt: number;
  readonly names: readonly string[];
  readonly measured: Pick<
    Verdict,
    'takeoverS' | 'partitionTakeoverS' | 'lagMsP99' | 'conflicts' | 'peakMemoryMiB' | 'tookS'
  >;
}

/** An answer may still be on its way to the other regions for this long. */
const LAG_MS = 2_000;

/** Judges by the callers' books and the model's ledger alone. */
export function verdictOf({
  books,
  calls,
  losses,
  beliefs,
  budgetUsd,
  firstFaultAt,
  names,
  measured,
}: Evidence): Verdict {
  const { entries, accepted } = books;
  const costs = costByTask(calls);
  const repeats = repeatsOf(calls, losses, LAG_MS);
  const waits = accepted.map(({ acceptedAt, sentAt }) => acceptedAt - sentAt);
  return {
    accepted: accepted.length,
    lost: accepted.filter(({ ends }) => ends.length === 0).length,
    endedTwice: accepted.filter(endsDiffer).length,
    repeatedSteps: repeats.beyond,
    repeatedInFlight: repeats.inFlight,
    failedRequests: entries.reduce((sum, { failures }) => sum + failures.length, 0),
    budgetExceeded: accepted.filter(({ id }) => (costs.get(id) ?? 0) > budgetUsd).length,
    ...measured,
    wrongAnswers: accepted.filter(isWrong).length,
    leaseOverlaps: overlapsOf(beliefs).length,
    leasesSeen: beliefs.length,
    acceptP50Ms: Object.fromEntries(
      names.map((name) => {
        const own = accepted.filter(({ task, acceptedAt }) => task.near === name && acceptedAt < firstFaultAt);
        return [name, percentiles(own.map(({ acceptedAt, sentAt }) => acceptedAt - sentAt)).p50];
      }),
    ),
    longestAcceptanceS: Math.max(0, ...waits) / 1_000,
  };
}

function endsDiffer({ ends }: Entry): boolean {
  const outputs = new Set(ends.flatMap(({ output }) => output ?? []));
  return new Set(ends.map(({ status, finishedAt }) => `${status} ${finishedAt}`)).size > 1 || outputs.size > 1;
}

/** Whether a task ended otherwise than with the right answer. */
function isWrong({ ends, task }: Entry): boolean {
  const output = ends.find((end) => end.output !== undefined)?.output;
  return ends.some(({ status }) => status !== 'succeeded') || (output !== undefined && !output.includes(task.answer));
}

/** What must not be, one phrase each; empty when all is well. */
export function violationsOf(verdict: Verdict): string[] {
  const zero = {
    lost: 'accepted tasks are lost',
    endedTwice: 'tasks ended twice',
    repeatedSteps: 'steps were repeated',
    failedRequests: 'requests failed',
    budgetExceeded: 'budgets were exceeded',
    wrongAnswers: 'tasks have no right answer',
    leaseOverlaps: 'times two regions held one home',
    conflicts: 'conflicting writes',
  } as const;
  const broken = Object.entries(zero).flatMap(([key, words]) => {
    const count = verdict[key as keyof typeof zero];
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return [
    ...broken,
    ...(verdict.accepted === 0 ? ['no task was accepted'] : []),
    ...(verdict.leasesSeen === 0 ? ['no region was seen to hold a home'] : []),
    ...(verdict.takeoverS === null ? ['the killed region was not taken over'] : []),
  ];
}
