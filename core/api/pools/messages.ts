import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { agentName, taskViewSchema } from '../tasks/messages.ts';

const time = z.iso.datetime();

const hold = {
  status: z
    .enum(['active', 'paused', 'open', 'half-open', 'resuming'])
    .describe('`open` and `half-open` are states of the pool’s circuit breaker.'),
  reason: z.string().optional(),
  by: z.string().optional().describe('The person who paused it.'),
  since: time.optional(),
  until: time.optional().describe('When an open circuit breaker lets one task through.'),
  steps: z
    .array(
      z.object({
        percent: z.number(),
        limit: z
          .number()
          .int()
          .optional()
          .describe('Tasks that may run at once. Absent for the fleet: each pool has its own.'),
        until: time,
      }),
    )
    .optional()
    .describe('The steps of a resume that are left, the present one first.'),
};

export const poolViewSchema = z.object({
  agent: agentName,
  ...hold,
  waiting: z
    .object({ high: z.number().int(), default: z.number().int(), deadLetters: z.number().int() })
    .describe(
      'Approximate number of messages in the pool’s queues. `deadLetters` counts messages that could not be read.',
    ),
  tasks: z
    .object({
      running: z.number().int(),
      queued: z.number().int(),
      parked: z
        .record(z.string(), z.number().int())
        .describe('By cause, as `waitsFor` of a task names it: its `detail` if it has one.'),
      complete: z.boolean().describe('False if the pool has more tasks than the 1,000 that were counted.'),
    })
    .optional()
    .describe('Number of tasks of all tenants that have not ended. Only with the query `tasks=true`.'),
});
export type PoolView = z.infer<typeof poolViewSchema>;

const holdViewSchema = z.object(hold);
export type HoldView = z.infer<typeof holdViewSchema>;

export const tenantHoldSchema = holdViewSchema.extend({ tenant: z.string() });
export type TenantHold = z.infer<typeof tenantHoldSchema>;

export const fleetHoldSchema = holdViewSchema;

export const poolListSchema = z.object({
  pools: z.array(poolViewSchema),
  fleet: fleetHoldSchema.describe('What holds the tasks of all pools.'),
  tenants: z
    .array(tenantHoldSchema)
    .describe('Tenants that are paused or were resumed: all with the scope `fleet`, otherwise only your own.'),
});
export type PoolList = z.infer<typeof poolListSchema>;

/** The query of a resume. */
export const resumeQuerySchema = z.strictObject({
  steps: z
    .string()
    .regex(/^\d{1,3}(,\d{1,3}){0,9}$/, 'must be percentages such as 10,50,100')
    .transform((text) => text.split(',').map(Number))
    .refine(isGrowing, 'must be growing percentages between 1 and 100')
    .optional()
    .describe('Growing percentages of the tasks that may run at once, such as `10,50,100`. Defaults to all at once.'),
  minutes: z.coerce.number().int().min(1).max(240).default(5).describe('Minutes of each step below 100 %.'),
});
export type ResumeQuery = z.output<typeof resumeQuerySchema>;

function isGrowing(percents: readonly number[]): boolean {
  return percents.every((percent, index) => percent > (percents[index - 1] ?? 0) && percent <= 100);
}

export const tenantParam = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a tenant: lower case letters, digits and hyphens')
  .describe('Name of the tenant.');

export const poolListQuerySchema = z.strictObject({
  tasks: z.enum(['true', 'false']).default('false').describe('Whether to count the tasks of each pool.'),
});

export const pauseSubmissionSchema = z.strictObject({
  reason: z.string().min(1).max(500).describe('Why the pool is paused, for others who see it.'),
  by: z.string().min(1).max(128).describe('Name or e-mail address of the person.'),
});

export const deadLetterQuerySchema = z.strictObject(pageQuery);

export const deadLetterSchema = taskViewSchema
  .pick({
    id: true,
    agent: true,
    sessionId: true,
    runId: true,
    createdAt: true,
    finishedAt: true,
    failure: true,
    lastError: true,
    worker: true,
    attempts: true,
    crashes: true,
    steps: true,
    spent: true,
    links: true,
  })
  .extend({ redrivenAs: z.string().optional().describe('The id of the new task, if it was redriven.') });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export const deadLetterPageSchema = z.object({
  deadLetters: z
    .array(deadLetterSchema)
    .describe('Can be more than `limit` when several ended in the same millisecond, and none although there are more.'),
  more: z.boolean().optional().describe('True if the search has not reached the oldest dead letter.'),
  next: nextCursor,
});

export const redriveSubmissionSchema = z.strictObject({
  tasks: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(100)
    .optional()
    .describe('Ids of the dead letters. Defaults to all that have not been redriven.'),
  cursor: pageQuery.cursor,
});

export const redriveAnswerSchema = z.object({
  redriven: z.array(z.object({ deadLetter: z.string(), task: z.string() })),
  more: z
    .boolean()
    .describe('True if the search has not reached the oldest dead letter. Repeat the request with `next` as `cursor`.'),
  next: nextCursor,
});
export type RedriveAnswer = z.infer<typeof redriveAnswerSchema>;
