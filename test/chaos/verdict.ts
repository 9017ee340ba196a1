import { z } from 'zod';

/** What the witnesses say after a run with kills. */
export interface Evidence {
  /** The files that were uploaded. */
  readonly files: readonly string[];
  readonly rows: readonly { readonly file: string; readonly status: string; readonly taskId: string | null }[];
  readonly calls: readonly ModelCall[];
  /** When the mails about the run were written, ms since 1970. */
  readonly mails: readonly number[];
  /** When the process tree was killed, ms since 1970. */
  readonly kills: readonly number[];
  /** Executions of the upload's run. */
  readonly executions: number;
}

/** A line of the simulated Claude's ledger. */
export interface ModelCall {
  readonly stepId: string | null;
  /** When its answer was ready, ms since 1970. */
  readonly at: number;
}

export interface Verdict {
  /** Documents without a row in the report. */
  readonly lost: number;
  /** Documents with more than one row or task, or runs of the upload beyond the first. */
  readonly doubled: number;
  /** Model calls for a step that had ended, which no kill between answer and record excuses. */
  readonly repeatedFinishedSteps: number;
  /** Calls for a step whose answer a kill took away. */
  readonly repeatedInFlightSteps: number;
  /** Sound documents that the report calls failed. */
  readonly failed: number;
  readonly mailsLost: number;
  /** Mails beyond the first that no kill excuses: a topic delivers at least once. */
  readonly mailsRepeated: number;
}

/** So long an answer may be on its way into the store, ms: a machine full of starting workers is slow. */
const IN_FLIGHT_MS = 3_000;

/** Judges the evidence; all zero (but `repeatedInFlightSteps`) is what must be. */
export function judge({ files, rows, calls, mails, kills, executions }: Evidence): Verdict {
  const byFile = Map.groupBy(rows, ({ file }) => file);
  const tasks = Map.groupBy(rows, ({ taskId, file }) => taskId ?? file);
  const steps = [...Map.groupBy(calls, ({ stepId }) => stepId).values()];
  const repeats = steps.flatMap((step) =>
    againstKills(
      step.map(({ at }) => at).sort((a, b) => a - b),
      kills,
    ),
  );
  const sortedMails = mails.toSorted((a, b) => a - b);
  return {
    lost: files.filter((file) => !byFile.has(file)).length,
    doubled: excess(byFile) + excess(tasks) + Math.max(0, executions - 1),
    repeatedFinishedSteps: repeats.filter((excused) => !excused).length,
    repeatedInFlightSteps: repeats.filter((excused) => excused).length,
    failed: rows.filter(({ status }) => status !== 'succeeded').length,
    mailsLost: mails.length === 0 ? 1 : 0,
    mailsRepeated: againstKills(sortedMails, kills).filter((excused) => !excused).length,
  };
}

const excess = (groups: ReadonlyMap<string, readonly unknown[]>): number =>
  [...groups.values()].reduce((sum, group) => sum + group.length - 1, 0);

/** For each repetition whether a kill came after the time before it, while that could still have been in flight. */
function againstKills(times: readonly number[], kills: readonly number[]): boolean[] {
  return times
    .slice(1)
    .map((_, index) => times[index] ?? 0)
    .map((before) => kills.some((kill) => kill >= before && kill - before <= IN_FLIGHT_MS));
}

const ledgerLine = z.object({ stepId: z.string().nullable(), time: z.iso.datetime() });

/** The calls in a ledger's text; an unfinished last line, cut off by a kill, is none. */
export function readLedger(text: string): ModelCall[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => {
    const { stepId, time } = ledgerLine.parse(JSON.parse(line));
    return { stepId, at: Date.parse(time) };
  });
}

/** What is wrong, for a person; empty when all is well. */
export function complaints(verdict: Verdict): string[] {
  const { lost, doubled, repeatedFinishedSteps, failed, mailsLost, mailsRepeated } = verdict;
  const wrong = { lost, doubled, repeatedFinishedSteps, failed, mailsLost, mailsRepeated };
  return Object.entries(wrong)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`);
}
