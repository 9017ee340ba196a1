import type { LeftOut } from '../change/changed-file.ts';
import type { PlantedSecret } from '../change/mask-files.ts';
import { unmasked } from '../change/mask-files.ts';
import type { Plan } from '../change/plan.ts';
import { maskText } from '../change/secrets.ts';
import type { Unit } from '../change/units.ts';
import { EarlierFindings, type FixedFinding } from './carry-forward.ts';
import { isDoubted, type Doubts } from './doubts.ts';
import { SPECIALISTS, type ReviewedPart, type Specialist } from './finding.ts';
import { mergeFindings, type ReviewedFinding } from './merge.ts';
import type { ReviewRecord } from './review-record.ts';
import { conclude, type Concluded, type Policy } from './verdict.ts';

/** What became of a specialist's task for a unit. */
export interface Part {
  readonly agent: Specialist;
  readonly unit: Unit;
  /** Null when the task did not succeed. */
  readonly output: ReviewedPart | null;
  /** Why it did not succeed, for people. */
  readonly reason?: string;
}

/** A finding whose quote is nowhere in the diff. Only the summary shows it. */
export interface UnplacedFinding extends Pick<ReviewedFinding, 'file' | 'severity' | 'agent' | 'message'> {
  readonly quote: string;
}

/** What the supervisor made of the findings; null when it did not answer, which stops no review. */
type Supervised = Doubts | null;

/** A whole review: its findings, the strongest first, and the verdict that follows from them. */
export interface Review extends Concluded {
  /** The supervisor's words for the author. Empty without them. */
  readonly summary: string;
  readonly findings: readonly ReviewedFinding[];
  readonly unplaced: readonly UnplacedFinding[];
  readonly leftOut: readonly LeftOut[];
  /** Findings of an earlier review that did not come back. Absent without an earlier review. */
  readonly fixed?: readonly FixedFinding[];
}

/**
 * Concludes a review by code alone: merges, drops what is unsure, and computes the verdict. The findings of an earlier
 * review count as long as nobody has read their file again.
 */
export function concludeReview(
  plan: Plan,
  parts: readonly Part[],
  policy: Policy,
  supervised: Supervised = null,
  earlier: ReviewRecord | null = null,
): Review {
  const found = parts.flatMap(({ agent, output }) => (output?.findings ?? []).map((finding) => ({ agent, finding })));
  const sure = found.filter(({ finding }) => finding.confidence >= policy.minConfidence);
  const placed = sure.flatMap(({ agent, finding: { place, suggestion, rule, severity, confidence, message } }) =>
    place === undefined
      ? []
      : [{ ...place, agent, rule, severity, confidence, message, ...(suggestion !== null && { suggestion }) }],
  );
  const unplaced = sure.flatMap(({ agent, finding: { place, path: file, quote, severity, message } }) =>
    place === undefined
      ? [{ agent, file, quote: maskText(quote, file), severity, message: maskText(message, file) }]
      : [],
  );
  const kept = supervised === null ? placed : placed.filter((finding) => !isDoubted(finding, supervised));
  const missed = notReviewed(parts);
  const before = new EarlierFindings(earlier, plan, unreadOf({ plan, leftOut: missed, unplaced }));
  const open = before.stillOpen().filter(({ confidence }) => confidence >= policy.minConfidence);
  const merged = mergeFindings([...plan.secrets.map(secretFinding), ...kept, ...open]).map(readable);
  const { findings, fixed } = before.compare(merged);
  const leftOut = [...plan.leftOut, ...missed];
  const files = plan.files.length + plan.carried.length;
  const notOne = plan.carried.length === 0 && plan.units.length > 0 && parts.every(({ output }) => output === null);
  return {
    ...conclude({ findings, unplaced }, { files, leftOut, notReviewed: notOne }, policy),
    summary: maskText(supervised?.summary ?? ''),
    findings,
    unplaced,
    leftOut,
    ...(earlier !== null && { fixed }),
  };
}

/**
 * The files of a plan that were not read in full: a specialist missed them, or has found something in them that has no
 * place. A record cannot keep such a finding, so the next review reads its file again.
 */
export function unreadOf({
  plan,
  leftOut,
  unplaced,
}: Pick<Review, 'leftOut' | 'unplaced'> & { readonly plan: Plan }): ReadonlySet<string> {
  const unread = new Set(leftOut.filter(({ reason }) => reason === 'not-reviewed').map(({ path }) => path));
  for (const { file } of unplaced) {
    const named = plan.files.filter(({ path, oldPath }) => path === file || oldPath === file);
    // A model may also misname the file. Then it can be any of them.
    for (const { path } of named.length > 0 ? named : plan.files) unread.add(path);
  }
  return unread;
}

/**
 * A quote must be a part of the file, so it ends where a masked secret begins. A suggestion can't bring it back. What a
 * model says is masked once more: it may have put a secret together that no line showed as one.
 */
function readable(finding: ReviewedFinding): ReviewedFinding {
  const { suggestion, ...said } = { ...finding, message: maskText(finding.message, finding.file) };
  const isMasked = finding.quote.includes('‹masked:');
  const rest = isMasked ? { ...said, quote: unmasked(finding.quote.split('\n')[0] ?? '') } : said;
  const isKept = suggestion !== undefined && !isMasked && maskText(suggestion, finding.file) === suggestion;
  return isKept ? { ...rest, suggestion } : rest;
}

/** Secrets are found by code, before a model sees the line. Their values are not kept. */
const secretFinding = ({ path, line, kind, quote }: PlantedSecret): ReviewedFinding => ({
  agent: 'security',
  file: path,
  startLine: line,
  line,
  side: 'RIGHT',
  rule: 'hard-coded-secret',
  severity: kind === 'secret' ? 'high' : 'critical',
  confidence: kind === 'secret' ? 0.8 : 1,
  quote,
  message: `The line holds a secret (${kind}). Everybody who can read the repository can use it. Revoke it, and read it from a secret store.`,
});

/** The files that a specialist did not read, one entry for each file. */
function notReviewed(parts: readonly Part[]): LeftOut[] {
  const missed = new Map<string, Set<Specialist>>();
  for (const { agent, unit, output } of parts)
    if (output === null)
      for (const { path } of unit) missed.set(path, (missed.get(path) ?? new Set<Specialist>()).add(agent));
  return [...missed].map(([path, agents]) => ({
    path,
    reason: 'not-reviewed',
    detail: `not read for ${SPECIALISTS.filter((each) => agents.has(each)).join(', ')}`,
  }));
}
