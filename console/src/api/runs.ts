import { reportViewSchema, runPageSchema, runViewSchema, type RunView } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { RunView };

export const useRuns = (cursor: string | undefined, limit?: number) =>
  useLive(
    ['runs', cursor, limit],
    (signal) => call(runOperations.listRuns, runPageSchema, { query: { cursor, limit }, signal }),
    { isBusy: ({ runs }) => runs.some(({ status }) => status === 'running') },
  );

export const useRun = (id: string) =>
  useLive(['run', id], (signal) => call(runOperations.getRun, runViewSchema, { params: { id }, signal }), {
    isBusy: ({ status }) => status === 'running',
  });

/** Whether there is such a run. */
export const hasRun = (id: string): Promise<boolean> =>
  call(runOperations.getRun, runViewSchema, { params: { id } }).then(
    () => true,
    () => false,
  );

/** Milliseconds between two reads of the links to a report, which work for 15 minutes. */
const REPORT_MS = 60_000;

export const useReport = (id: string) =>
  useLive(
    ['run-report', id],
    (signal) => call(runOperations.getRunReport, reportViewSchema, { params: { id }, signal }),
    { everyMs: REPORT_MS },
  );

export const cancelRun = (id: string): Promise<RunView> =>
  call(runOperations.cancelRun, runViewSchema, { params: { id } });
