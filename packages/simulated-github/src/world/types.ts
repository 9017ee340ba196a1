import type { Side } from '../git/hunks.ts';
import type { Permissions } from '../options.ts';

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
}

export const ASSOCIATIONS = [
  'COLLABORATOR',
  'CONTRIBUTOR',
  'FIRST_TIMER',
  'FIRST_TIME_CONTRIBUTOR',
  'MANNEQUIN',
  'MEMBER',
  'NONE',
  'OWNER',
] as const;
export type Association = (typeof ASSOCIATIONS)[number];

/** The app's access to the repositories of one owner. */
export interface Installation {
  readonly id: number;
  readonly account: User;
  readonly createdAt: number;
  permissions: Permissions;
}

export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  /** The folder of the bare git repository. */
  readonly path: string;
  readonly defaultBranch: string;
  /** The repository that this one is a fork of. */
  readonly parent: Repository | undefined;
  readonly installation: Installation | undefined;
  readonly createdAt: number;
  pushedAt: number;
  /** The last push: pushes of a repository wait for each other. */
  pushed: Promise<unknown>;
  readonly pulls: Map<number, PullRequest>;
  readonly checkRuns: Map<number, CheckRun>;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly head: { readonly repository: Repository; readonly branch: string; sha: string };
  base: { readonly branch: string; sha: string };
  readonly author: User;
  readonly association: Association;
  readonly createdAt: number;
  title: string;
  body: string | null;
  draft: boolean;
  state: 'open' | 'closed';
  updatedAt: number;
  closedAt: number | null;
  mergedAt: number | null;
  mergeCommit: string | null;
  readonly reviews: Map<number, Review>;
  readonly comments: Map<number, ReviewComment>;
  readonly issueComments: Map<number, IssueComment>;
  /** The users whose review or comment is being written. */
  readonly writers: Set<number>;
}

export const REVIEW_EVENTS = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const;
export type ReviewEvent = (typeof REVIEW_EVENTS)[number];
export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly pull: PullRequest;
  readonly user: User;
  readonly commit: string;
  body: string;
  state: ReviewState;
  submittedAt: number | null;
}

export interface ReviewComment {
  readonly id: number;
  readonly review: Review;
  readonly user: User;
  readonly path: string;
  readonly subject: 'line' | 'file';
  /** Where it was written. Null for a comment on a whole file. */
  readonly original: Anchor | null;
  readonly originalCommit: string;
  readonly diffHunk: string;
  readonly inReplyTo: ReviewComment | undefined;
  readonly createdAt: number;
  body: string;
  updatedAt: number;
  /** Where it is in the present diff. Null when it is outdated or on a whole file. */
  current: Anchor | null;
}

export interface Anchor {
  readonly side: Side;
  readonly line: number;
  readonly startSide: Side | null;
  readonly startLine: number | null;
  readonly position: number;
}

export interface IssueComment {
  readonly id: number;
  readonly pull: PullRequest;
  readonly user: User;
  readonly association: Association;
  readonly createdAt: number;
  body: string;
  updatedAt: number;
}

export interface CheckRun {
  readonly id: number;
  readonly repository: Repository;
  readonly headSha: string;
  readonly suiteId: number;
  name: string;
  detailsUrl: string | null;
  externalId: string;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion: string | null;
  startedAt: number;
  completedAt: number | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: readonly Readonly<Record<string, unknown>>[];
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

/** Whom a token stands for, and what it may do. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app' }
  | {
      readonly kind: 'installation';
      readonly installation: Installation;
      readonly user: User;
      readonly permissions: Permissions;
      /** Undefined: all repositories of the installation. */
      readonly repositoryIds: ReadonlySet<number> | undefined;
    }
  | {
      readonly kind: 'personal';
      readonly user: User;
      readonly permissions: Permissions;
      readonly repositoryIds: ReadonlySet<number> | undefined;
    };
