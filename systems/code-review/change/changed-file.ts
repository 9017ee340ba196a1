import { z } from 'zod';
import { hunkSchema } from './hunk.ts';

/** A changed file with its hunks, as the specialists read it. */
export const changedFileSchema = z.strictObject({
  /** The path at head, or at the base for a deleted file. */
  path: z.string().min(1),
  /** The path before a rename. */
  oldPath: z.string().min(1).optional(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed']),
  hunks: z.array(hunkSchema),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** A file of a diff, also one without lines to read. */
export interface DiffedFile extends ChangedFile {
  readonly isBinary: boolean;
  /** Its diff cannot be read, so that it has no hunks. */
  readonly isUnreadable?: boolean;
  /** A link to a commit of another repository. */
  readonly isSubmodule: boolean;
  /** The modes, when git shows that they differ, such as of a file that becomes executable. */
  readonly modes?: { readonly old: string; readonly new: string } | undefined;
  readonly added: number;
  readonly removed: number;
}

/** A file that was left out of the review, and why. */
export const leftOutSchema = z.strictObject({
  path: z.string(),
  reason: z.enum([
    'binary',
    'generated',
    'vendored',
    'lock-file',
    'minified',
    'submodule',
    'renamed',
    'mode',
    'empty',
    'too-large',
    'over-limit',
    'not-reviewed',
  ]),
  /** What a person should know, such as the specialist that failed. */
  detail: z.string().optional(),
});
export type LeftOut = z.infer<typeof leftOutSchema>;
