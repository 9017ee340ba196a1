import { z } from 'zod';
import { taskIdSchema, type TaskId } from '../../tasks/task-id.ts';
import { ApiProblem } from './problem.ts';

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Number of items per page.'),
  cursor: z.string().max(512).optional().describe('The `next` value of the previous page.'),
};

/** The field of a page that leads to the next one. */
export const nextCursor = z
  .string()
  .optional()
  .describe('Pass it as `cursor` to get the next page. Absent on the last page.');

const cursorSchema = z.tuple([z.coerce.number().int().nonnegative(), taskIdSchema]);

/** The cursor that continues a list after an item. */
export const cursorText = ({ createdAt, id }: { readonly createdAt: number; readonly id: string }): string =>
  `${createdAt}~${id}`;

/** Parses a cursor. Throws `ApiProblem` for text that is not a cursor. */
export function parseCursor(cursor: string): { createdAt: number; id: TaskId } {
  const split = cursor.indexOf('~');
  const parsed = cursorSchema.safeParse([cursor.slice(0, split), cursor.slice(split + 1)]);
  if (split > 0 && parsed.success) return { createdAt: parsed.data[0], id: parsed.data[1] };
  throw new ApiProblem('invalid-request', 'cursor: is not a valid cursor.', [
    {
      field: 'cursor',
      message: 'is not a valid cursor',
      remedy: 'Pass the `next` value of the previous page unchanged.',
    },
  ]);
}
