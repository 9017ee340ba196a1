import { z } from 'zod';
import { homesHere } from '#adapters/aws/regions.ts';
import { holdsFirstHome } from '#adapters/dynamodb/regions/first-home.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { executionStatus } from '#adapters/stepfunctions/execution-status.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { runIdHere } from '#core/regions/home.ts';
import { scheduleEventSchema } from '#core/schedules/schedule-input.ts';
import { scheduledRun, watchdogStarts } from '#core/schedules/scheduled-run.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { startScheduledRunEnv } from './env.ts';

const env = parseEnv(startScheduledRunEnv);
const inputOf = (date: string): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(parseJson(env.INPUT.replaceAll('<date>', date)));
const runs = stepFunctionsRuns<object>({ stateMachineArn: env.STATE_MACHINE_ARN });
const { RUNS: ofSchedule, ZONE: zone, AT: at, BY: by, GRACE_MINUTES: grace, WATCHDOG: watchdog } = env;
const schedule = { runs: ofSchedule, zone, at, by, grace, watchdog };
const clock = systemClock();

const eventSchema = scheduleEventSchema.extend({ occasion: z.enum(['due', 'watchdog', 'by-hand']) });

/**
 * Starts the run of an occurrence, unless it has started: the name follows from the schedule and its local date. A watchdog
 * also starts one rescue of a run that has failed. Of three regions, the one that holds the home of the first one does it.
 * Returns the run's id. A repeated call returns the same one, also after the run has ended.
 */
export const handler = traced('start-scheduled-run', async (event: unknown): Promise<{ readonly runId: string }> => {
  const { occasion, scheduledTime } = eventSchema.parse(event);
  const { name, date, ...times } = scheduledRun(schedule, occasion, scheduledTime, clock.now());
  const isOurs = occasion === 'by-hand' || (await holdsFirstHome());
  const execution = isOurs && occasion === 'watchdog' ? await missing(name) : name;
  if (!isOurs || execution === null) return { runId: name };
  await runs.start(execution, { group: date, ...times, ...inputOf(date) });
  const runId = runIdHere(homesHere(), execution);
  logger.info('run.scheduled', { runId, occasion });
  return { runId };
});

const missing = async (name: string): Promise<string | null> =>
  watchdogStarts(name, await executionStatus(`${env.EXECUTIONS}${name}`));
