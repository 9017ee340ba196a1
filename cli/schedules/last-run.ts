import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import { instantOf, localTime, shiftDate } from '#core/parse/local-time.ts';
import type { FoundSchedule } from './find.ts';

/** The run of the last night that was due. */
export interface LastRun {
  readonly runId: string;
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
  const executionArn = `${input.executions}${date}`;
  const run = { runId: executionArn.split(':').at(-1) ?? '', date };
  try {
    const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', startDate, stopDate, error, cause } = found;
    return {
      ...run,
      status: STATUSES[status] ?? 'unknown',
      ...(startDate && { startedAt: startDate.toISOString() }),
      ...(stopDate && { endedAt: stopDate.toISOString() }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) {
      const wasThere = CreationDate === undefined || CreationDate.getTime() <= instantOf({ date, time }, zone);
      return wasThere ? { ...run, status: 'not-started' } : undefined;
    }
    if (error instanceof Error && error.name === 'AccessDeniedException') return { ...run, status: 'unknown' };
    throw error;
  }
}

/** The time of day of a cron expression that fires once a day, such as `22:00`. */
export function dailyTime(expression: string): string | undefined {
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(expression) ?? [];
  if (minute === undefined || hour === undefined) return undefined;
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}
