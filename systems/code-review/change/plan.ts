import { z } from 'zod';
import { MAX_CHILDREN } from '#core/tasks/delegation.ts';
import { SPECIALISTS } from '../findings/finding.ts';
import type { ChangedFile, DiffedFile, LeftOut } from './changed-file.ts';
import { withContext } from './enclosing.ts';
import { riskOf } from './kinds.ts';
import { reasonToLeaveOut, whatLinesDoNotShow } from './leave-out.ts';
import { maskFiles, type PlantedSecret } from './mask-files.ts';
import { makeUnits, tokensOfFile, type Unit } from './units.ts';

/** The limits of one review. */
export const limitsSchema = z.strictObject({
  /** Tokens of code in one task of a specialist. */
  unitTokens: z.number().int().min(500).max(30_000).default(6_000),
  /** Tokens of code in all tasks of a specialist. What is beyond is left out, the least risky first. */
  totalTokens: z.number().int().min(500).max(2_000_000).default(150_000),
  /** Files that are read. */
  files: z.number().int().min(1).max(3_000).default(300),
});
export type Limits = z.infer<typeof limitsSchema>;

/** Each specialist may read each unit, and the supervisor delegates all of it in one call. */
const MAX_UNITS = Math.floor(MAX_CHILDREN / SPECIALISTS.length);

/** What a review reads, in the order of risk, and what it leaves out. */
export interface Plan {
  readonly units: readonly Unit[];
  readonly leftOut: readonly LeftOut[];
  /** Secrets in added lines. They are masked in the units. */
  readonly secrets: readonly PlantedSecret[];
  /** The files of the units. */
  readonly files: readonly DiffedFile[];
  /** Files that an earlier review has read as they are. */
  readonly carried: readonly DiffedFile[];
}

/**
 * Plans a review: leaves out what nobody reads, masks secrets, adds the enclosing functions, orders by risk and makes
 * units within the limits.
 * @param contentAt the file's content at head; undefined when it is not known
 * @param isRead whether an earlier review has read a file as it is, so that nobody needs to read it again
 */
export function planReview(
  files: readonly DiffedFile[],
  limits: Limits,
  contentAt: (path: string) => string | undefined = () => undefined,
  isRead: (file: ChangedFile) => boolean = () => false,
): Plan {
  const leftOut: LeftOut[] = [];
  const read = files.filter((file) => {
    if (file.isUnreadable === true) {
      leftOut.push({ path: file.path, reason: 'not-reviewed', detail: 'its diff cannot be read' });
      return false;
    }
    const reason = reasonToLeaveOut(file, contentAt(file.path));
    if (reason === null) leftOut.push(...whatLinesDoNotShow(file));
    else leftOut.push({ path: file.path, reason });
    return reason === null && file.hunks.length > 0;
  });
  const { files: masked, secrets } = maskFiles(read.map((file) => inFunctions(file, contentAt(file.path))));
  const ordered = masked.toSorted((a, b) => riskOf(b.path, b.added + b.removed) - riskOf(a.path, a.added + a.removed));
  const carried = ordered.filter((file) => isRead(file));
  const kept = within(
    ordered.filter((file) => !carried.includes(file)),
    limits,
    leftOut,
  );
  const { units, over } = makeUnits(kept, limits.unitTokens, MAX_UNITS);
  leftOut.push(...over.map(({ path }) => ({ path, reason: 'over-limit' as const })));
  return { units, leftOut, secrets, files: kept.filter((file) => !over.includes(file)), carried };
}

const inFunctions = (file: DiffedFile, head: string | undefined): DiffedFile =>
  head === undefined || file.status === 'deleted' ? file : { ...file, hunks: withContext(file.hunks, head) };

function within(files: readonly DiffedFile[], limits: Limits, leftOut: LeftOut[]): DiffedFile[] {
  let [tokens, count] = [0, 0];
  return files.filter((file) => {
    const size = tokensOfFile(file);
    const fits = count < limits.files && tokens + size <= limits.totalTokens;
    if (fits) [tokens, count] = [tokens + size, count + 1];
    else leftOut.push({ path: file.path, reason: 'over-limit' });
    return fits;
  });
}
