import { z } from 'zod';

/** How a company moves against another one. */
export const MOVE_KINDS = [
  'undercuts',
  'launches-against',
  'takes-customers',
  'takes-people',
  'buys-into',
  'sues',
  'other',
] as const;
export const moveKindSchema = z.enum(MOVE_KINDS);
export type MoveKind = z.infer<typeof moveKindSchema>;

const text = z.string().refine((words) => words.trim() !== '', 'must not be empty');

/** A move as the strategist reports it. */
export const reportedMoveSchema = z.object({
  pair: text.describe('The id of the pair, such as p1'),
  kind: moveKindSchema,
  magnitude: z
    .number()
    .refine((magnitude) => Number.isInteger(magnitude) && magnitude >= 1 && magnitude <= 5, 'must be 1, 2, 3, 4 or 5')
    .describe('1 hardly felt, 3 costs the other company business, 5 threatens its core'),
  evidence: z.array(z.string()).describe('Ids of the claims that show it, such as c1'),
  why: text.describe('One sentence, without links'),
});
export type ReportedMove = z.infer<typeof reportedMoveSchema>;
export const reportedMovesSchema = z.object({ moves: z.array(reportedMoveSchema) });
export type ReportedMoves = z.infer<typeof reportedMovesSchema>;

/** A move of one company against another, with the claims that show it. */
export const moveSchema = z.object({
  by: z.string(),
  against: z.string(),
  kind: moveKindSchema,
  magnitude: z.number().int().min(1).max(5),
  /** Ids of claims of the two companies. */
  evidence: z.array(z.string()).min(1),
  why: z.string(),
});
export type Move = z.infer<typeof moveSchema>;

/** A move as it is remembered: with the night that saw it. */
export const keptMoveSchema = moveSchema.extend({ night: z.iso.date() });
export type KeptMove = z.infer<typeof keptMoveSchema>;
