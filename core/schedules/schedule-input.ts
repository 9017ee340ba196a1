import { z } from 'zod';

/** A local time of day, such as `22:00`. */
export const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** The `Input` of the EventBridge schedules that together are one `Schedule`, and so the event of their functions. */
export const scheduleInputSchema = z.object({
  /** The name of the `Schedule`. */
  schedule: z.string().min(1),
  /** What the time is for. `by-hand`: a person called the function now. */
  occasion: z.enum(['due', 'watchdog', 'check', 'by-hand']),
  /** The ARN of an execution, without the date at its end. People's tools read the runs of the schedule with it. */
  executions: z.string().startsWith('arn:'),
  /** The region in front of the ids of its runs, such as `eu`. Absent where they have none. */
  home: z.string().min(1).optional(),
  /** The planned time. Scheduler fills it in: the same for all its retries. */
  scheduledTime: z.string().min(1),
});
export type ScheduleInput = z.infer<typeof scheduleInputSchema>;

/** A call of one of the functions. */
export const scheduleEventSchema = scheduleInputSchema.extend({
  scheduledTime: z.iso.datetime({ offset: true }).transform((time) => Date.parse(time)),
});

/** The input of a `Schedule`'s part. Undefined for that of any other schedule. */
export function readScheduleInput(text: string): ScheduleInput | undefined {
  try {
    return scheduleInputSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
