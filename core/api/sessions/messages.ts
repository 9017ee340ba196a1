import { z } from 'zod';

export const sessionViewSchema = z.object({
  id: z.string(),
  waiting: z.array(z.string()).describe('Ids of the tasks that have not ended, in the order they will run.'),
  turns: z.array(
    z.object({
      taskId: z.string(),
      user: z.string(),
      assistant: z.string(),
      isSummary: z.boolean().optional().describe('True for a summary of all turns up to that of `taskId`.'),
    }),
  ),
  expiresAt: z.iso.datetime().describe('When the conversation expires if it is not used.'),
});
export type SessionView = z.infer<typeof sessionViewSchema>;
