import { z } from 'zod';
import type { LogPosition } from '../../logs/search.ts';
import { ApiProblem } from '../http/problem.ts';

const ms = z.coerce.number().int().nonnegative().max(8.64e15);
const positionSchema = z.tuple([ms, ms, z.coerce.number().int().min(0).max(9_000), ms]);

/** The cursor of a position in the logs. */
export const cursorOfPosition = ({ from, to, skip, width = 0 }: LogPosition): string =>
  [from, to, skip, width].join('~');

/** Parses a cursor. Throws `ApiProblem` for text that is not a cursor. */
export function positionOfCursor(cursor: string): LogPosition {
  const { data } = positionSchema.safeParse(cursor.split('~'));
  if (data === undefined) {
    throw new ApiProblem('invalid-request', 'cursor: is not a valid cursor.', [
      {
        field: 'cursor',
        message: 'is not a valid cursor',
        remedy: 'Pass the `nextCursor` of the previous page unchanged.',
      },
    ]);
  }
  const [from, to, skip, width] = data;
  return { from, to, skip, ...(width > 0 && { width }) };
}
