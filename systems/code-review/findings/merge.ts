import { severityRank, type PlacedFinding, type Specialist } from './finding.ts';

/** A finding with the specialist that made it. */
export interface ReviewedFinding extends PlacedFinding {
  readonly agent: Specialist;
  /** Other specialists that found the same. */
  readonly also?: readonly Specialist[];
  /** The key that an earlier review gave it. Absent for a new finding. */
  readonly key?: string;
}

/** Words two messages must share, of all their words, to mean the same defect. */
const SAME_WORDS = 0.5;

/**
 * Merges what several specialists found at the same place, the strongest first. Two findings are the same when their
 * lines overlap and they name the same rule, or say nearly the same. Of suggestions for overlapping lines, only the
 * strongest finding's is kept, since only one can be applied.
 */
export function mergeFindings(findings: readonly ReviewedFinding[]): ReviewedFinding[] {
  const merged: ReviewedFinding[] = [];
  for (const finding of findings.toSorted(byStrength)) {
    const at = merged.findIndex((kept) => isSame(kept, finding));
    const kept = merged[at];
    if (kept !== undefined) merged[at] = joined(kept, finding);
    else merged.push(merged.some((other) => conflicts(other, finding)) ? withoutSuggestion(finding) : finding);
  }
  return merged;
}

/** The most severe first, then the surest, then by place. */
export const byStrength = (a: ReviewedFinding, b: ReviewedFinding): number =>
  severityRank(b.severity) - severityRank(a.severity) || b.confidence - a.confidence || byPlace(a, b);

const byPlace = (a: ReviewedFinding, b: ReviewedFinding): number =>
  compare(a.file, b.file) || a.line - b.line || compare(a.agent, b.agent) || compare(a.message, b.message);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const overlaps = (a: ReviewedFinding, b: ReviewedFinding): boolean =>
  a.file === b.file && a.side === b.side && a.startLine <= b.line && b.startLine <= a.line;

const isSame = (a: ReviewedFinding, b: ReviewedFinding): boolean =>
  overlaps(a, b) && ((a.rule === b.rule && a.rule !== 'other') || likeness(a.message, b.message) >= SAME_WORDS);

const conflicts = (a: ReviewedFinding, b: ReviewedFinding): boolean =>
  overlaps(a, b) && a.suggestion !== undefined && b.suggestion !== undefined;

function withoutSuggestion(finding: ReviewedFinding): ReviewedFinding {
  const { suggestion: _, ...rest } = finding;
  return rest;
}

function joined(kept: ReviewedFinding, other: ReviewedFinding): ReviewedFinding {
  const others = [other.agent, ...(other.also ?? [])].filter((agent) => agent !== kept.agent);
  const agents = new Set([...(kept.also ?? []), ...others]);
  const key = kept.key ?? other.key;
  return {
    ...kept,
    ...(key !== undefined && { key }),
    confidence: Math.max(kept.confidence, other.confidence),
    ...(agents.size > 0 && { also: [...agents] }),
  };
}

/** The share of words that two texts have in common: 0 to 1. */
function likeness(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const common = [...left].filter((word) => right.has(word)).length;
  return common / Math.max(1, left.size + right.size - common);
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\d_]{3,}/gu));
