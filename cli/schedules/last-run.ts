import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type DescribeExecutionCommandOutput,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { instantOf, localTime, shiftDate } from '#core/parse/local-time.ts';
import type { ScheduleInput } from '#core/schedules/schedule-input.ts';
import { hasFailed, rescueOf } from '#core/schedules/scheduled-run.ts';
import type { FoundSchedule } from './find.ts';

/** The run of the last night that was due: the newer one, when the watchdog has rescued it. */
export interface LastRun {
  readonly runId: string;
  /** It is the one rescue of a run that has failed. */
  readonly isRescue: boolean;
  /** The local date on which it was due. */
  readonly date: string;
  /** `unknown`: the caller may not see executions. */
  readonly status: 'running' | 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'not-started' | 'unknown';
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Why it failed, such as `Items.Invalid`. */
  readonly error?: string;
  readonly cause?: string;
}

const STATUSES: Readonly<Record<string, LastRun['status']>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'failed',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'cancelled',
};

/** Undefined for a schedule that starts no runs of a pipeline, and for one that was not due yet. */
export async function lastRun(sfn: SFNClient, { main }: FoundSchedule, now: number): Promise<LastRun | undefined> {
  const { input, definition } = main;
  const { ScheduleExpressionTimezone: zone = 'UTC', ScheduleExpression = '', CreationDate } = definition;
  const time = dailyTime(ScheduleExpression);
  if (input === undefined || time === undefined) return undefined;
  const shown = localTime(now, zone);
  const date = shown.time >= time ? shown.date : shiftDate(shown.date, -1);
  try {
    const own = await describe(sfn, `${input.executions}${date}`);
    if (own !== undefined) return await newer(sfn, input, own, date);
    const wasThere = CreationDate === undefined || CreationDate.getTime() <= instantOf({ date, time }, zone);
    return wasThere ? { ...nameOf(input, date), status: 'not-started' } : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException')
      return { ...nameOf(input, date), status: 'unknown' };
    throw error;
  }
}

const nameOf = (input: ScheduleInput, date: string) => ({
  runId: runIdOf(input, input.executions.split(':').at(-1) + date),
  isRescue: false,
  date,
});

/** In a fleet of several regions most have their name in front of the execution's. */
const runIdOf = ({ home }: ScheduleInput, execution: string): string =>
  home === undefined ? execution : `${home}.${execution}`;

async function newer(sfn: SFNClient, input: ScheduleInput, own: Described, date: string): Promise<LastRun> {
  const { executionArn = '', status = '' } = own;
  const rescue = hasFailed(status) ? await describe(sfn, rescueOf(executionArn)) : undefined;
  const shown = rescue ?? own;
  return shownRun(shown, runIdOf(input, shown.name ?? ''), date, rescue !== undefined);
}

type Described = DescribeExecutionCommandOutput;

async function describe(sfn: SFNClient, executionArn: string): Promise<Described | undefined> {
  try {
    return await sfn.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

function shownRun({ status, ...found }: Described, runId: string, date: string, isRescue: boolean): LastRun {
  const { startDate, stopDate, error, cause } = found;
  return {
    runId,
    isRescue,
    date,
    status: STATUSES[status ?? ''] ?? 'unknown',
    ...(startDate && { startedAt: startDate.toISOString() }),
    ...(stopDate && { endedAt: stopDate.toISOString() }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

/** The time of day of a cron expression that fires once a day, such as `22:00`. */
export function dailyTime(expression: string): string | undefined {
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(expression) ?? [];
  if (minute === undefined || hour === undefined) return undefined;
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}
