import { z } from 'zod';
import { FREED_BY } from '../../waiting/explanation.ts';
import { taskViewSchema } from '../tasks/messages.ts';

const time = z.iso.datetime();

export const whyViewSchema = z.object({
  id: z.string(),
  agent: z.string(),
  status: taskViewSchema.shape.status,
  cause: z
    .string()
    .optional()
    .describe(
      'Why it waits, how far it is, or why it ended. For a parked task as `waitsFor` names it. Later releases may add causes.',
    ),
  since: time.optional().describe('Since when. Absent if it is not known.'),
  until: time.optional().describe('When it goes on by itself. Absent if that depends on something else.'),
  freedBy: z
    .enum(FREED_BY)
    .optional()
    .describe(
      'What ends the wait: its time comes, a worker is free, other tasks end, a person acts, a batch returns, or a deploy.',
    ),
  ahead: z
    .number()
    .int()
    .optional()
    .describe('Number of tasks before it: in its queue, its session, or the line of its tenant.'),
  aheadAtLeast: z.literal(true).optional().describe('Set if more tasks than `ahead` may be before it.'),
  deadline: time.optional().describe('When it fails if it has not ended.'),
  says: z.string().describe('The same in words.'),
  commands: z.array(z.string()).describe('What a person can do next, most useful first.'),
  asOf: time,
});
export type WhyView = z.infer<typeof whyViewSchema>;
