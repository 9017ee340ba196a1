import { z } from 'zod';
import { homesHere } from '#adapters/aws/regions.ts';
import { holdsFirstHome } from '#adapters/dynamodb/regions/first-home.ts';
import { runElsewhere } from '#adapters/dynamodb/regions/run-elsewhere.ts';
import { executionStatus } from '#adapters/stepfunctions/execution-status.ts';
import { runIdHere } from '#core/regions/home.ts';
import { countingRun, type NightRun } from '#core/schedules/night.ts';
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
 * A dead man's switch: measures whether the run of the night that a check is about, or its rescue, has succeeded by then, in
 * whichever region. Of three regions, only the one that holds the home of the first one has runs to miss.
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
async function decidingRun(name: string): Promise<NightRun> {
  const first = await runOf(name);
  if (first === null) return { runId: runIdHere(homesHere(), name), status: 'NOT_STARTED' };
  return first.status === 'SUCCEEDED' ? first : ((await runOf(rescueOf(name))) ?? first);
}

/** The run of a name, here or in another region. */
async function runOf(name: string): Promise<NightRun | null> {
  const status = await executionStatus(`${env.EXECUTIONS}${name}`);
  const here = status === null ? null : { runId: runIdHere(homesHere(), name), status };
  return countingRun([here, await runElsewhere(env.TENANT, name)]);
}
