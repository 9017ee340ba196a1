import { z } from 'zod';
import { leftOutSchema, type LeftOut } from '../change/changed-file.ts';
import { severityRank, severitySchema, type Severity } from './finding.ts';

/** How the verdict follows from findings and coverage. It is configuration: nothing in a change can alter it. */
export const policySchema = z.strictObject({
  /** The lowest severity that requests changes; null never does. */
  requestChangesAt: severitySchema.nullable().default('high'),
  /** Findings of lower confidence are dropped. */
  minConfidence: z.number().min(0).max(1).default(0.6),
  /** The highest severity that still lets a change be approved; null approves none with a finding. */
  approveUpTo: severitySchema.nullable().default('low'),
  /** Whether a change is approved at all. */
  approve: z.boolean().default(true),
  /** Reasons to leave a file out that do not stand in the way of an approval. */
  approveWithout: z.array(leftOutSchema.shape.reason).default([]),
});
export type Policy = z.infer<typeof policySchema>;

export const verdictSchema = z.enum(['approve', 'comment', 'request-changes', 'not-reviewed']);
export type Verdict = z.infer<typeof verdictSchema>;

export interface Concluded {
  readonly verdict: Verdict;
  /** Why, one sentence for people. */
  readonly because: string;
}

export interface Coverage {
  /** Files with lines that a specialist could read. */
  readonly files: number;
  readonly leftOut: readonly LeftOut[];
  /** Whether a person or the policy cut the review short, such as by a budget. */
  readonly notReviewed: boolean;
}

type Judged = readonly { readonly severity: Severity }[];

/** The findings that count. */
export interface Found {
  /** At their lines. */
  readonly findings: Judged;
  /** Without a place. Code cannot check them, so they request no changes, but they stand in the way of an approval. */
  readonly unplaced: Judged;
}

/** Computes the verdict. No model has a say in it, and what was not read in full is never approved. */
export function conclude({ findings, unplaced }: Found, coverage: Coverage, policy: Policy): Concluded {
  if (coverage.notReviewed) return { verdict: 'not-reviewed', because: 'No specialist could finish its review.' };
  const { requestChangesAt, approveUpTo } = policy;
  const blocking = requestChangesAt === null ? [] : atLeast(findings, severityRank(requestChangesAt));
  if (blocking.length > 0)
    return {
      verdict: 'request-changes',
      because: `${counted(blocking.length)} of severity ${requestChangesAt} or higher.`,
    };
  const unread = coverage.leftOut.filter(({ reason }) => !policy.approveWithout.includes(reason));
  if (unread.length > 0) return { verdict: 'comment', because: `Not read in full: ${filesWords(unread)}.` };
  if (coverage.files === 0) return { verdict: 'comment', because: 'The change has no lines to review.' };
  const all = [...findings, ...unplaced];
  const notable = atLeast(all, approveUpTo === null ? 0 : severityRank(approveUpTo) + 1);
  if (notable.length > 0) return { verdict: 'comment', because: `${counted(notable.length)} to consider.` };
  if (!policy.approve) return { verdict: 'comment', because: 'The configuration lets no change be approved.' };
  return { verdict: 'approve', because: all.length === 0 ? 'Nothing was found.' : 'Only minor findings.' };
}

/** An approval becomes a comment, which says what a person has to do. */
export const withoutApproval = <Result extends Concluded>(concluded: Result, todo: string): Result =>
  concluded.verdict === 'approve'
    ? { ...concluded, verdict: 'comment', because: `${concluded.because} ${todo}` }
    : concluded;

const atLeast = (found: Judged, least: number): Judged =>
  found.filter(({ severity }) => severityRank(severity) >= least);

const counted = (count: number): string => `${count} finding${count === 1 ? '' : 's'}`;

/** `2 files (1 lock-file, 1 binary)`. */
function filesWords(leftOut: readonly LeftOut[]): string {
  const reasons = new Map<string, number>();
  for (const { reason } of leftOut) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const paths = new Set(leftOut.map(({ path }) => path)).size;
  const words = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `${paths} file${paths === 1 ? '' : 's'} (${words})`;
}
