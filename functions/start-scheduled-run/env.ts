import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Environment of the function that starts the runs of a schedule. */
export const startScheduledRunEnv = z.object({
  STATE_MACHINE_ARN: z.string().min(1),
  /** Begins the names of its executions. */
  SCHEDULE: z.string().min(1),
  /** IANA time zone. */
  ZONE: z.string().min(1),
  /** Local time at which a run is due. */
  AT: timeOfDay,
  /** Local time by which a run ends. Empty: the pipeline's own deadline. */
  BY: timeOfDay.or(z.literal('').transform(() => undefined)),
  /** JSON of the execution's input, without the group and the deadline. */
  INPUT: z.string().min(2),
});
export type StartScheduledRunEnv = z.input<typeof startScheduledRunEnv>;
