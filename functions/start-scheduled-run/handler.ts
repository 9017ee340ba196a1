import { z } from 'zod';
import { homesHere } from '#adapters/aws/regions.ts';
import { holdsFirstHome } from '#adapters/dynamodb/regions/first-home.ts';
import { runElsewhere } from '#adapters/dynamodb/regions/run-elsewhere.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { executionStatus } from '#adapters/stepfunctions/execution-status.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { runIdHere } from '#core/regions/home.ts';
import { countingRun } from '#core/schedules/night.ts';
import { scheduleEventSchema } from '#core/schedules/schedule-input.ts';
import { rescueOf, scheduledRun, watchdogStarts } from '#core/schedules/scheduled-run.ts';
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
 * also starts one rescue of a run that has failed. Of three regions, the one that holds the home of the first one does it,
 * unless another one's run of that night goes on or has succeeded. Returns the id of the night's run, or null where that is
 * left to another region. A repeated call returns the same one, also after the run has ended.
 */
export const handler = traced(
  'start-scheduled-run',
  async (event: unknown): Promise<{ readonly runId: string | null }> => {
    const { occasion, scheduledTime } = eventSchema.parse(event);
    const { name, date, ...times } = scheduledRun(schedule, occasion, scheduledTime, clock.now());
    if (occasion !== 'by-hand' && !(await holdsFirstHome())) return { runId: null };
    const found: Missing = occasion === 'by-hand' ? { execution: name } : await missing(name, occasion);
    const { execution, known } = found;
    const runId = known ?? runIdHere(homesHere(), execution ?? name);
    if (execution === null) return { runId };
    await runs.start(execution, { group: date, ...times, ...inputOf(date) });
    logger.info('run.scheduled', { runId, occasion });
    return { runId };
  },
);

interface Missing {
  /** The name to start. Null when nothing is missing. */
  readonly execution: string | null;
  /** The run that there is instead. */
  readonly known?: string;
}

/** The start of a night only names its own run. Its watchdog looks at what became of it. */
async function missing(name: string, occasion: 'due' | 'watchdog'): Promise<Missing> {
  const elsewhere = await runElsewhere(env.TENANT, name);
  if (occasion === 'due') return elsewhere ? { execution: null, known: elsewhere.runId } : { execution: name };
  const status = await executionStatus(`${env.EXECUTIONS}${name}`);
  const here = status === null ? null : { runId: runIdHere(homesHere(), name), status };
  const night = countingRun([here, elsewhere]);
  const execution = watchdogStarts(name, night?.status ?? null);
  if (execution === null && night) return { execution, known: night.runId };
  // One rescue for the whole fleet.
  const rescue = night && (await runElsewhere(env.TENANT, rescueOf(name)));
  return rescue ? { execution: null, known: rescue.runId } : { execution };
}
