import { z } from 'zod';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { scheduledRun } from '#core/schedules/scheduled-run.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { parseJson } from '#runtime/parse/json.ts';
import { startScheduledRunEnv } from './env.ts';

const env = parseEnv(startScheduledRunEnv);
const input = z.record(z.string(), z.unknown()).parse(parseJson(env.INPUT));
const runs = stepFunctionsRuns<object>({ stateMachineArn: env.STATE_MACHINE_ARN });
const schedule = { name: env.SCHEDULE, zone: env.ZONE, at: env.AT, by: env.BY };

/** Scheduler fills the time in: the planned one, the same for every retry. */
const eventSchema = z.object({
  occasion: z.enum(['due', 'watchdog']),
  scheduledTime: z.iso.datetime({ offset: true }),
});

/** Starts the run of an occurrence, unless it has started: the name follows from the schedule and its local date. */
export const handler = traced('start-scheduled-run', async (event: unknown): Promise<void> => {
  const { occasion, scheduledTime } = eventSchema.parse(event);
  const { name, date, deadline } = scheduledRun(schedule, occasion, Date.parse(scheduledTime));
  await runs.start(name, { group: date, ...(deadline !== undefined && { deadline }), ...input });
  logger.info('run.scheduled', { runId: name, occasion });
});
