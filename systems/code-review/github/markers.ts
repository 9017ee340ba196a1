import { createHash } from 'node:crypto';
import type { Specialist } from '../findings/finding.ts';

/**
 * Hidden comments at the end of what is posted, by which it is found again, since GitHub has no idempotency keys. They
 * count only in posts of the token's own user, and only at the end: text of a change before them can pretend nothing.
 */

/** A pull request at a commit. */
export interface PullHead {
  readonly repository: string;
  readonly number: number;
  readonly head: string;
  /** Tells a review that a person asked for from the one before of the same head. */
  readonly attempt?: string | undefined;
}

/** The same for every token, so that a new one finds what an older one posted. */
const hashOf = ({ repository, number, head, attempt }: PullHead): string =>
  createHash('sha256')
    .update(`${repository.toLowerCase()}#${number}@${head}${attempt === undefined ? '' : `/${attempt}`}`)
    .digest('hex')
    .slice(0, 32);

/** Of the review with the verdict, or of the one with a specialist's findings. */
export const reviewMarker = (target: PullHead, by?: Specialist): string =>
  `<!-- fleet:review=${hashOf(target)}${by === undefined ? '' : `;by=${by}`} -->`;

/** Of a comment at a line. */
export const findingMarker = (key: string): string => `<!-- fleet:finding=${key} -->`;

/** Of a review, for the findings that only its text names. */
export const listedMarker = (keys: readonly string[]): string => `<!-- fleet:listed=${keys.join(',')} -->`;

/** Of the reply to a comment that says that its finding is fixed. */
export const fixedMarker = (key: string, comment: number): string => `<!-- fleet:fixed=${key};comment=${comment} -->`;

/** Of a dismissed review, for the audit. GitHub shows its state. */
export const dismissedMarker = (review: number): string => `<!-- fleet:dismissed=${review} -->`;

/** Of a deleted review, for the audit. */
export const deletedMarker = (review: number): string => `<!-- fleet:deleted=${review} -->`;

const MARKER = /<!-- fleet:[a-z]+=[\w;=,-]* -->/g;
const AT_THE_END = /(?:<!-- fleet:[a-z]+=[\w;=,-]* -->\s*)+$/;

const markersOf = (body: string | null): readonly string[] => AT_THE_END.exec(body ?? '')?.[0].match(MARKER) ?? [];

export const hasMarker = (body: string | null, marker: string): boolean => markersOf(body).includes(marker);

/** Whether a review is one of the fleet, about this head or another. */
export const isFleetReview = (body: string | null): boolean =>
  markersOf(body).some((marker) => marker.startsWith('<!-- fleet:review='));

/** Whether a review is about this head: the one with the verdict, or a specialist's. */
export const isAboutHead = (body: string | null, target: PullHead): boolean =>
  markersOf(body).some((marker) => marker.startsWith(`<!-- fleet:review=${hashOf(target)}`));

/** The keys of the findings that a post names for the first time. */
export const keysIn = (body: string | null): string[] =>
  markersOf(body).flatMap((marker) => /fleet:(?:finding|listed)=([0-9a-f,]+)/.exec(marker)?.[1]?.split(',') ?? []);
