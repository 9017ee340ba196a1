import { z } from 'zod';
import { taskIdSchema, type TaskId } from '../../tasks/task.ts';
import { ApiProblem } from './problem.ts';

/** The query parameters of a list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Items of a page.'),
  cursor: z.string().max(512).optional().describe('`next` of the page before.'),
};

/** The cursor in a page. */
export const nextCursor = z.string().optional().describe('Goes on after this page; absent on the last one.');

const cursorSchema = z.tuple([z.coerce.number().int().nonnegative(), taskIdSchema]);

/** The place after an item of a listing, as text. */
export const cursorText = ({ createdAt, id }: { readonly createdAt: number; readonly id: string }): string =>
  `${createdAt}~${id}`;

/** The place back. Throws `ApiProblem` for a text that no page gave. */
export function parseCursor(cursor: string): { createdAt: number; id: TaskId } {
  const split = cursor.indexOf('~');
  const parsed = cursorSchema.safeParse([cursor.slice(0, split), cursor.slice(split + 1)]);
  if (split > 0 && parsed.success) return { createdAt: parsed.data[0], id: parsed.data[1] };
  throw new ApiProblem('invalid-request', 'cursor: is none that a page gave.', [
    {
      field: 'cursor',
      message: 'is none that a page gave',
      remedy: 'Take it from `next` of the page before, as it is.',
    },
  ]);
}
