import { z } from 'zod';

/** A hunk of a unified diff. Each line keeps its first character: a space, `+` or `-`. */
export const hunkSchema = z.strictObject({
  oldStart: z.number().int().nonnegative(),
  newStart: z.number().int().nonnegative(),
  /** The enclosing function's lines before the hunk, from the content at head; null when there is none. */
  context: z.string().nullable(),
  lines: z.array(z.string()),
});
export type Hunk = z.infer<typeof hunkSchema>;

/** As GitHub names the sides of a diff: RIGHT has the lines at head, LEFT those at the base. */
export const sideSchema = z.enum(['LEFT', 'RIGHT']);
export type Side = z.infer<typeof sideSchema>;

/** One line of a hunk with its number on each side where it exists. */
export interface Line {
  readonly kind: 'context' | 'added' | 'removed';
  readonly oldLine: number | null;
  readonly newLine: number | null;
  /** Without the first character of the diff and without a carriage return at the end. */
  readonly text: string;
}

/** Numbers the lines of a hunk. */
export function linesOf({ oldStart, newStart, lines }: Hunk): Line[] {
  let [oldLine, newLine] = [oldStart, newStart];
  return lines.map((line): Line => {
    const text = line.slice(1).replace(/\r$/, '');
    if (line.startsWith('+')) return { kind: 'added', oldLine: null, newLine: newLine++, text };
    if (line.startsWith('-')) return { kind: 'removed', oldLine: oldLine++, newLine: null, text };
    return { kind: 'context', oldLine: oldLine++, newLine: newLine++, text };
  });
}

/** The number of a line on a side; null when the line does not exist there. */
export const numberOn = ({ oldLine, newLine }: Line, side: Side): number | null =>
  side === 'LEFT' ? oldLine : newLine;
