import type { ChangedFile } from '../change/changed-file.ts';
import type { Plan } from '../change/plan.ts';
import { keysOf } from './key.ts';
import { placesOf } from './locate.ts';
import type { ReviewedFinding } from './merge.ts';
import { digestOf, type EarlierFinding, type ReviewRecord } from './review-record.ts';
import { unreadOf, type Review } from './review.ts';

/**
 * What to keep of a review for the next one of the same pull request.
 * @param plan what was read for it
 */
export function recordOf(review: Review, plan: Plan, { head, rules }: { head: string; rules: string }): ReviewRecord {
  const unread = unreadOf({ ...review, plan });
  const known = [...plan.files, ...plan.carried];
  const keys = keysOf(review.findings);
  return {
    head,
    verdict: review.verdict,
    rules,
    findings: review.findings.map((finding, at) => earlierOf(finding, keys[at] ?? '', known)),
    files: known.filter(({ path }) => !unread.has(path)).map((file) => ({ path: file.path, digest: digestOf(file) })),
  };
}

function earlierOf(finding: ReviewedFinding, key: string, files: readonly ChangedFile[]): EarlierFinding {
  const { also, ...rest } = finding;
  const place = placesOf(finding, files).findIndex(({ startLine }) => startLine === finding.startLine);
  return { ...rest, ...(also !== undefined && { also: [...also] }), key, place: Math.max(0, place) };
}
