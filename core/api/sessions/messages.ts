import { z } from 'zod';

export const sessionViewSchema = z.object({
  id: z.string(),
  waiting: z.array(z.string()).describe('Ids of its tasks that have not ended, in their order.'),
  turns: z.array(
    z.object({
      taskId: z.string(),
      user: z.string(),
      assistant: z.string(),
      isSummary: z.boolean().optional().describe('It stands for all turns up to that of `taskId`.'),
    }),
  ),
  expiresAt: z.iso.datetime().describe('When the conversation is forgotten, unless it is used.'),
});
export type SessionView = z.infer<typeof sessionViewSchema>;
