import type { GithubAccess } from './client.ts';

/** The pull request that a review is posted to, and the range that was reviewed. */
export interface Target {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  /** The commit where the reviewed range begins. */
  readonly base: string;
  readonly head: string;
  /** The files of the range, also those that the review names as left out. */
  readonly paths: readonly string[];
  /** Tells a review that a person asked for from the one before of the same head. @default the head decides */
  readonly attempt?: string | undefined;
}

/** Something that is written to GitHub: it is done once for each marker. */
export interface Posting {
  readonly kind: 'specialist' | 'reply' | 'dismissal' | 'deletion' | 'review';
  readonly marker: string;
}

export interface Publishing {
  readonly access: GithubAccess;
  readonly footer: string;
  readonly wait: (ms: number) => Promise<void>;
  /** Where two commits parted; null when the local repository lacks one of them. */
  readonly mergeBase: (base: string, head: string) => Promise<string | null>;
  /** One review for each specialist and one with the verdict, or all in one. @default one */
  readonly posting?: 'by-specialist' | 'one';
  /** Comments at lines, over all specialists. @default 10 */
  readonly maxInline?: number;
  /**
   * The name of the token's user, such as `fleet-review[bot]`. Pending reviews of a bot are deleted: a crash has left them,
   * and they block any other. @default asks GitHub, which does not say it of an app
   */
  readonly login?: string;
  /**
   * Called before each write. True says that an earlier attempt may have written it. Then it is looked for several times,
   * since GitHub's lists may lag behind. @default false
   */
  readonly beforePost?: (posting: Posting) => Promise<boolean>;
  /**
   * Called when something is there, by this attempt or an earlier one, so it may be called again. Of a dismissal that
   * crashes in between, only `beforePost` tells.
   */
  readonly onPosted?: (posted: Posting & { readonly url: string }) => Promise<void>;
}

/** What became of a review. Nothing is posted about another commit than the one that was reviewed. */
export type Published =
  | { readonly kind: 'posted' | 'already-posted'; readonly url: string; readonly note?: string }
  | { readonly kind: 'not-posted'; readonly reason: 'closed' | 'moved' | 'pending'; readonly detail: string };
