import { join, relative } from 'node:path';
import { dollars } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import type { Brief } from '../brief/schema.ts';
import type { Company } from '../companies/company.ts';
import { downloadBrief, type BriefPlace } from './brief-files.ts';
import type { Night } from './calendar.ts';
import type { Space } from './items.ts';
import { cancelRun, earlierRuns, orderOf, startOrAttach, untilEnded, viewRun, type Api } from './night-run.ts';
import { printBrief, progressOf } from './show.ts';

/** Where nights run. */
export interface NightPlace extends BriefPlace {
  readonly api: Api;
  readonly output: Output;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Called with the run that Ctrl-C cancels from now on. */
  readonly onRun: (id: string) => void;
}

export interface NightToResearch {
  readonly night: Night;
  readonly companies: readonly Company[];
  readonly space: Space;
  /** News sites that are read too. */
  readonly news?: readonly string[];
  /** Most US dollars. Undefined: what the agents' budgets allow. */
  readonly budgetUsd: number | undefined;
  /** For the brief. */
  readonly folder: string;
  /** Names the night in the progress. */
  readonly label: string;
}

export interface NightDone {
  readonly brief: Brief;
  /** US dollars that its run spent. */
  readonly usd: number;
}

/** Runs a night on the fleet and downloads its brief. Ctrl-C cancels the run. Throws a `UserError`. */
export async function researchNight(place: NightPlace, order: NightToResearch): Promise<NightDone> {
  const { api, output, signal } = place;
  const { night, companies, space, news, budgetUsd, folder, label } = order;
  if (signal.aborted) throw new UserError('Interrupted before the run of the night was started.', AGAIN);
  const deadline = night.deadline(Date.now());
  const names = orderOf(companies, night.date, space, news);
  const run = await startOrAttach(api, { ...names, deadline, due: night.due, budgetUsd });
  place.onRun(run.id);
  if (run.attached) {
    const limit = run.budgetUsd === undefined ? '' : ` It may cost up to ${dollars(run.budgetUsd)}.`;
    output.line(`Run ${run.id} of this night is under way: attached to it.${limit}`);
  }
  try {
    const words = progressOf(companies.length, await earlierRuns(api, names, run.id));
    const onView = (view: Parameters<typeof words>[0]): void => output.progress(`${label}: ${words(view, Date.now())}`);
    const { cancelled } = await untilEnded(api, run.id, { signal, onView });
    if (cancelled === true) throw wasCancelled(run.id);
    const brief = await downloadBrief(place, run.id, folder, signal);
    const { spent } = await viewRun(api, run.id);
    printBrief(output, brief, relative(process.cwd(), join(folder, 'brief.html')));
    return { brief, usd: spent.usd };
  } catch (error) {
    if (!signal.aborted) throw error;
    const isOver = await cancelRun(api, run.id);
    throw interrupted(run.id, isOver);
  }
}

const AGAIN = 'Run the same command again: it takes up only what is missing.';

const wasCancelled = (id: string): UserError => new UserError(`Run ${id} was cancelled by another command.`, AGAIN);

const interrupted = (id: string, isOver: boolean): UserError =>
  new UserError(
    isOver
      ? `Interrupted: run ${id} is cancelled. What has finished is kept.`
      : `Interrupted: run ${id} is being cancelled, no task of it starts any more. What has finished is kept.`,
    AGAIN,
  );
