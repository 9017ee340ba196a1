import { z } from 'zod';
import { holdsFirstHome } from '#adapters/dynamodb/regions/first-home.ts';
import { executionStatus } from '#adapters/stepfunctions/execution-status.ts';
import { scheduleEventSchema } from '#core/schedules/schedule-input.ts';
import { checkedRun, rescueOf } from '#core/schedules/scheduled-run.ts';
import { logger, measureRunMissed } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { checkScheduledRunEnv } from './env.ts';

const env = parseEnv(checkScheduledRunEnv);
const schedule = { runs: env.RUNS, zone: env.ZONE, at: env.AT, by: env.BY };
const eventSchema = scheduleEventSchema.extend({ occasion: z.literal('check') });

/**
 * A dead man's switch: measures whether the run of the night that a check is about, or its rescue, has succeeded by then. Of
 * three regions, only the one that holds the home of the first one has runs to miss.
 */
export const handler = traced('check-scheduled-run', async (event: unknown): Promise<void> => {
  const { scheduledTime } = eventSchema.parse(event);
  if (!(await holdsFirstHome())) return measureRunMissed(env.SCHEDULE, false);
  const { runId, status } = await decidingRun(checkedRun(schedule, env.GRACE_MINUTES, scheduledTime));
  const missed = status !== 'SUCCEEDED';
  measureRunMissed(env.SCHEDULE, missed);
  logger[missed ? 'warn' : 'info'](missed ? 'run.missed' : 'run.checked', { runId, status });
});

/** The run that has succeeded, else the newer one. */
async function decidingRun(name: string): Promise<{ readonly runId: string; readonly status: string }> {
  const status = await statusOf(name);
  const first = { runId: name, status: status ?? 'NOT_STARTED' };
  if (status === null || status === 'SUCCEEDED') return first;
  const rescue = await statusOf(rescueOf(name));
  return rescue === null ? first : { runId: rescueOf(name), status: rescue };
}

const statusOf = (runId: string): Promise<string | null> => executionStatus(`${env.EXECUTIONS}${runId}`);
