import type { Clock } from '../../ports/clock.ts';
import type { Reports } from '../../ports/reports.ts';
import type { Caller } from '../http/caller.ts';
import { requireHere } from '../http/other-region.ts';
import { timeOf } from '../http/time-of.ts';
import type { ReportView } from './messages.ts';
import { findRun, type RunPorts } from './rules.ts';
import type { RunTasksPorts } from './tasks-of-run.ts';

export type ReportPorts = RunTasksPorts &
  Pick<RunPorts, 'runs'> & {
    readonly reports: Reports;
    readonly clock: Pick<Clock, 'now'>;
  };

/** Returns the files of a run's report, in the run's region. Throws `ApiProblem`: not found for any other tenant's run (I8). */
export async function getRunReport(ports: ReportPorts, caller: Caller, id: string): Promise<ReportView> {
  const { execution } = await findRun(ports, caller, id);
  if (execution !== undefined) requireHere(ports.homes, id, 'id');
  const none = { files: [], complete: true };
  const { files, complete } = execution === undefined ? none : await ports.reports.filesOf({ id, execution });
  return {
    complete,
    files: files.map(({ modifiedAt, expiresAt, ...file }) => ({
      ...file,
      writtenAt: timeOf(modifiedAt),
      expiresAt: timeOf(expiresAt),
    })),
    asOf: timeOf(ports.clock.now()),
  };
}
