import { sendCheckRun, sendCheckSuite } from './webhooks/events.ts';
import { addIssueComment } from './world/issue-comments.ts';
import {
  closePullRequest,
  editPullRequest,
  moveHead,
  reopenPullRequest,
  setDraft,
  type PullRequestEdit,
} from './world/pulls.ts';
import { fullName, repositoryOf } from './world/repositories.ts';
import type { CheckRun, PullRequest, Repository, Review, ReviewComment, ReviewState } from './world/types.ts';
import type { World } from './world/world.ts';

/** A repository, as programs of this process use it. */
export interface RepositoryHandle {
  readonly id: number;
  readonly fullName: string;
  /** The folder of the bare git repository, for `git clone` and `git push`. Call `refresh` after a push. */
  readonly path: string;
  /** Undefined when the app is not installed on it. */
  readonly installationId: number | undefined;
}

/** What was written about a pull request, and where. */
export interface PullRequestRecord {
  readonly state: 'open' | 'closed';
  readonly reviews: readonly {
    readonly id: number;
    readonly user: string;
    readonly state: ReviewState;
    readonly body: string;
    readonly commit: string;
  }[];
  readonly comments: readonly {
    readonly id: number;
    readonly user: string;
    readonly path: string;
    /** The line in the present diff. Null when it is outdated. */
    readonly line: number | null;
    readonly side: 'LEFT' | 'RIGHT' | null;
    readonly body: string;
    readonly inReplyTo: number | null;
  }[];
  readonly issueComments: readonly { readonly id: number; readonly user: string; readonly body: string }[];
  readonly checkRuns: readonly {
    readonly id: number;
    readonly name: string;
    readonly headSha: string;
    readonly status: string;
    readonly conclusion: string | null;
  }[];
  /** GitHub's `reviewDecision`: each reviewer's last verdict counts. */
  readonly decision: 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED';
}

/** A pull request, as programs of this process use it: what its author and other people do. */
export interface PullRequestHandle {
  readonly number: number;
  /** Its page. */
  readonly url: string;
  headSha(): string;
  baseSha(): string;
  record(): PullRequestRecord;
  close(options?: { readonly merge?: boolean }): Promise<void>;
  reopen(): Promise<void>;
  setDraft(draft: boolean): Promise<void>;
  edit(edit: PullRequestEdit): Promise<void>;
  /** Pushes an empty commit to its branch. */
  moveHead(): Promise<void>;
  /** Somebody writes a comment into its conversation, e.g. `/review`. */
  comment(user: string, body: string): void;
}

export class Handles {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  repository(repository: Repository): RepositoryHandle {
    const { id, path, installation } = repository;
    return { id, path, fullName: fullName(repository), installationId: installation?.id };
  }

  pull(pull: PullRequest): PullRequestHandle {
    const world = this.#world;
    return {
      number: pull.number,
      url: `${world.url}/${fullName(pull.repository)}/pull/${pull.number}`,
      headSha: () => pull.head.sha,
      baseSha: () => pull.base.sha,
      record: () => recordOf(pull),
      close: async ({ merge = false } = {}) => closePullRequest(world, pull, merge),
      reopen: async () => reopenPullRequest(world, pull),
      setDraft: async (draft) => setDraft(world, pull, draft),
      edit: async (edit) => editPullRequest(world, pull, edit),
      moveHead: async () => moveHead(world, pull),
      comment: (user, body) => void addIssueComment(world, pull, world.user(user), body),
    };
  }

  find(name: string, number: number): PullRequestHandle {
    const pull = repositoryOf(this.#world, name).pulls.get(number);
    if (pull === undefined) throw new Error(`${name} has no pull request ${number}.`);
    return this.pull(pull);
  }

  rerequest(checkRunId: number, identifier: string | undefined): void {
    sendCheckRun(this.#world, this.#checkRun(checkRunId), this.#world.user('octocat'), identifier);
  }

  async rerequestAll(checkRunId: number): Promise<void> {
    await sendCheckSuite(this.#world, this.#checkRun(checkRunId), this.#world.user('octocat'));
  }

  #checkRun(id: number): CheckRun {
    for (const { checkRuns } of this.#world.repositories.values()) {
      const run = checkRuns.get(id);
      if (run !== undefined) return run;
    }
    throw new Error(`There is no check run ${id}.`);
  }
}

/** Only a verdict moves the decision: a later comment lifts neither an approval nor a request for changes. */
export function decisionOf(pull: PullRequest): PullRequestRecord['decision'] {
  const last = new Map<number, ReviewState>();
  for (const { user, state } of pull.reviews.values()) {
    if (state === 'APPROVED' || state === 'CHANGES_REQUESTED' || state === 'DISMISSED') last.set(user.id, state);
  }
  const verdicts = new Set(last.values());
  if (verdicts.has('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  return verdicts.has('APPROVED') ? 'APPROVED' : 'REVIEW_REQUIRED';
}

export const checkRunsOf = ({ repository, head }: PullRequest): CheckRun[] =>
  [...repository.checkRuns.values()].filter(({ headSha }) => headSha === head.sha);

function recordOf(pull: PullRequest): PullRequestRecord {
  return {
    state: pull.state,
    decision: decisionOf(pull),
    reviews: [...pull.reviews.values()].map(reviewRecord),
    comments: [...pull.comments.values()].map(commentRecord),
    issueComments: [...pull.issueComments.values()].map(({ id, user, body }) => ({ id, user: user.login, body })),
    checkRuns: checkRunsOf(pull).map(({ id, name, headSha, status, conclusion }) => ({
      id,
      name,
      headSha,
      status,
      conclusion,
    })),
  };
}

const reviewRecord = ({ id, user, state, body, commit }: Review) => ({ id, user: user.login, state, body, commit });

const commentRecord = ({ id, user, path, current, original, body, inReplyTo }: ReviewComment) => ({
  id,
  user: user.login,
  path,
  line: current?.line ?? null,
  side: original?.side ?? null,
  body,
  inReplyTo: inReplyTo?.id ?? null,
});
