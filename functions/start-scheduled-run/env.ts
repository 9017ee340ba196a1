import { z } from 'zod';
import { timeOfDaySchema } from '#core/schedules/schedule-input.ts';

/** Environment of the function that starts the runs of a schedule. */
export const startScheduledRunEnv = z.object({
  STATE_MACHINE_ARN: z.string().min(1),
  /** The ARN of an execution of the pipeline, without its name. */
  EXECUTIONS: z.string().min(1),
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
  /** Minutes after `BY` at which the results are due. */
  GRACE_MINUTES: z.coerce.number().int().nonnegative(),
  /** Local time at which a run that has failed is started once more. */
  WATCHDOG: timeOfDaySchema,
  /** JSON of the execution's input, without the group and the times. `<date>` stands for the local date of the night. */
  INPUT: z.string().min(2),
});
export type StartScheduledRunEnv = z.input<typeof startScheduledRunEnv>;
