import { setTimeout as delay } from 'node:timers/promises';
import { duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { Interrupted, UserError, wrongUsage } from '#cli/user-error.ts';
import type { Review } from '../findings/review.ts';
import { GithubError, type GithubAccess } from '../github/client.ts';
import { publishReview } from '../github/publish-review.ts';
import { findMergeBase, type LocalChange } from './git/read-range.ts';
import type { ReviewOptions } from './options.ts';

/** Where a review is posted, and with whose token. */
export interface Posting {
  readonly access: GithubAccess;
  readonly repository: string;
  readonly number: number;
}

/**
 * Reads where to post, before anything is spent. The token leaves the environment, so that no child process inherits it.
 * Null when nothing is to be posted.
 */
export function postingOf({ post, pullRequest }: ReviewOptions): Posting | null {
  const { GITHUB_TOKEN: token = '', GITHUB_API_URL: url = 'https://api.github.com' } = process.env;
  delete process.env['GITHUB_TOKEN'];
  if (post !== 'github') return null;
  if (pullRequest === undefined)
    throw wrongUsage('--post github needs a pull request.', 'Name it: --pull-request owner/name#12.');
  if (token.trim() === '')
    throw wrongUsage('--post github needs a token.', 'Set GITHUB_TOKEN to one that may write pull requests.');
  if (!/^https:\/\/|^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(url))
    throw wrongUsage('GITHUB_API_URL must begin with https://.', 'Unset it for github.com.');
  const [repository = '', number = ''] = pullRequest.split('#');
  return { access: { url: url.replace(/\/$/, ''), token: token.trim() }, repository, number: Number(number) };
}

/** A wait that needs no word, such as the second between two writes. */
const SHORT_MS = 2_000;

/** What was reviewed, and in which folder the repository is. */
export interface Reviewed {
  readonly folder: string;
  readonly change: LocalChange;
  readonly review: Review;
  readonly footer: string;
}

/** Posts a review to its pull request, and says where it is. Throws a `UserError` when it was not posted. */
export async function postReview(
  output: Output,
  { access, repository, number }: Posting,
  { folder, change, review, footer }: Reviewed,
  signal: AbortSignal,
): Promise<void> {
  const wait = async (ms: number): Promise<void> => {
    if (ms > SHORT_MS) output.progress(`GitHub asks to wait ${duration(ms)} …`);
    await delay(ms, undefined, { signal }).catch(() => {
      throw new Interrupted('Interrupted: the review may not be posted.', 'Run it again. It posts nothing twice.', 3);
    });
  };
  try {
    const { base, head, files } = change;
    const mergeBase = async (...commits: [string, string]): Promise<string | null> =>
      findMergeBase(folder, ...commits, signal);
    const target = { repository, number, base, head, paths: files.map(({ path }) => path) };
    // A person's own token: one review, as a person would write it.
    const published = await publishReview({ access, footer, wait, mergeBase, posting: 'one' }, target, review);
    if (published.kind === 'not-posted')
      throw new UserError(`The review was not posted. ${published.detail}`, REMEDIES[published.reason], 3);
    if (published.note !== undefined) output.line(published.note);
    output.line(`${published.kind === 'posted' ? 'Posted' : 'Already posted'}: ${published.url}`);
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    const remedy =
      error.kind === 'forbidden'
        ? 'Check the repository and the number, and that the token may read contents and write pull requests.'
        : 'Run the command again later. It posts nothing twice.';
    throw new UserError(`The review was not posted. ${error.message}`, remedy, 3);
  }
}

const REMEDIES = {
  closed: 'Open it again, or leave --post out.',
  moved: 'Push the reviewed commit, or fetch and review the new head.',
  pending: 'Submit or discard it, and run the command again.',
} as const;
