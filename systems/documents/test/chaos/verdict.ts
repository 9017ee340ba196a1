import { z } from 'zod';

/** The evidence after a run with kills. */
export interface Evidence {
  /** The files that were uploaded. */
  readonly files: readonly string[];
  readonly rows: readonly { readonly file: string; readonly status: string; readonly taskId: string | null }[];
  readonly calls: readonly ModelCall[];
  /** When the mails about the run were written, in ms since 1970. */
  readonly mails: readonly number[];
  /** When the process tree was killed, in ms since 1970. */
  readonly kills: readonly number[];
  /** Executions of the upload's run. */
  readonly executions: number;
}

/** A line of the simulated Claude's ledger. */
export interface ModelCall {
  readonly stepId: string | null;
  /** When its answer was ready, in ms since 1970. */
  readonly at: number;
}

export interface Verdict {
  /** Documents without a row in the report. */
  readonly lost: number;
  /** Documents with more than one row or task, plus runs of the upload beyond the first. */
  readonly doubled: number;
  /** Model calls for a finished step, unless a kill between answer and storage explains them. */
  readonly repeatedFinishedSteps: number;
  /** Repeated calls for a step whose answer was lost in a kill. */
  readonly repeatedInFlightSteps: number;
  /** Valid documents that are failed in the report. */
  readonly failed: number;
  readonly mailsLost: number;
  /** Mails beyond the first that no kill explains. A topic delivers at least once. */
  readonly mailsRepeated: number;
}

/** Maximum time from an answer until it is stored, in ms. A machine full of starting workers is slow. */
const IN_FLIGHT_MS = 3_000;

/** Judges the evidence. Everything except `repeatedInFlightSteps` must be zero. */
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

/** For each repetition: whether a kill explains it, because the previous occurrence could still have been in flight. */
function againstKills(times: readonly number[], kills: readonly number[]): boolean[] {
  return times
    .slice(1)
    .map((_, index) => times[index] ?? 0)
    .map((before) => kills.some((kill) => kill >= before && kill - before <= IN_FLIGHT_MS));
}

const ledgerLine = z.object({ stepId: z.string().nullable(), time: z.iso.datetime() });

/** Parses the calls in a ledger. Ignores an incomplete last line, which a kill can leave. */
export function readLedger(text: string): ModelCall[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => {
    const { stepId, time } = ledgerLine.parse(JSON.parse(line));
    return { stepId, at: Date.parse(time) };
  });
}

/** Returns the problems as text. Empty if there are none. */
export function complaints(verdict: Verdict): string[] {
  const { lost, doubled, repeatedFinishedSteps, failed, mailsLost, mailsRepeated } = verdict;
  const wrong = { lost, doubled, repeatedFinishedSteps, failed, mailsLost, mailsRepeated };
  return Object.entries(wrong)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}: ${count}`);
}
