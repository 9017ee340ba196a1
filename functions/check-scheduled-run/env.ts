import { z } from 'zod';
import { timeOfDaySchema } from '#core/schedules/schedule-input.ts';

/** Environment of the function that checks whether the run of a night has succeeded. */
export const checkScheduledRunEnv = z.object({
  /** The ARN of an execution of the pipeline, without its name. */
  EXECUTIONS: z.string().min(1),
  /** The name of the schedule: the dimension of its metric. */
  SCHEDULE: z.string().min(1),
  /** Whose runs they are. Absent in a fleet of one region, where nobody else starts them. */
  TENANT: z.string().min(1).optional(),
  /** Begins the names of its executions: the workflow and the schedule. */
  RUNS: z.string().min(1),
  /** IANA time zone. */
  ZONE: z.string().min(1),
  /** Local time at which a run is due. */
  AT: timeOfDaySchema,
  /** Local time by which a run ends. */
  BY: timeOfDaySchema,
  /** Minutes that a run has after its deadline to write its results. */
  GRACE_MINUTES: z.coerce.number().int().nonnegative(),
});
export type CheckScheduledRunEnv = z.input<typeof checkScheduledRunEnv>;
