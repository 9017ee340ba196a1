import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedGithub } from '@agent-fleet/simulated-github';
import { UserError } from '#cli/user-error.ts';
import { maskText } from '../change/secrets.ts';
import { publishReview } from '../github/publish-review.ts';
import { maskPage } from '../report/html/mask-page.ts';
import type { Reviewed } from './post-review.ts';

const NAME = 'octo-org/repository';
const LOGIN = 'fleet-review';

/**
 * Posts a review to a pull request on a simulated GitHub of this machine, as the fleet posts it to GitHub, and saves the
 * page. The pull request is from the reviewed commit to the one that it was compared with. The repository is only read.
 * Throws a `UserError` when it was not posted.
 * @param page the file to write
 */
export async function postLocally({ folder, change, review, footer }: Reviewed, page: string): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'fleet-review-'));
  try {
    await using github = await startSimulatedGithub({ folder: own, writeMs: 0 });
    const { base, head, files } = change;
    const [owner = '', name = ''] = NAME.split('/');
    await github
      .createRepository({ owner, name, from: folder, commits: { main: base, change: head } })
      .catch(notCopied);
    const title = change.title === '' ? 'A change' : maskText(change.title);
    const pull = await github.openPullRequest({ repository: NAME, head: 'change', title });
    const publishing = {
      access: { url: github.url, token: github.createToken({ user: LOGIN }) },
      login: LOGIN,
      footer,
      posting: 'by-specialist' as const,
      // The simulation has no limit that such a review reaches.
      wait: () => Promise.resolve(),
      mergeBase: () => Promise.resolve(base),
    };
    const target = { repository: NAME, number: pull.number, base, head, paths: files.map(({ path }) => path) };
    const published = await publishReview(publishing, target, review);
    if (published.kind === 'not-posted') throw new Error(published.detail);
    const shown = await fetch(pull.url);
    // GitHub shows a secret in a diff as any other text. A file that is kept must not.
    await writeFile(page, maskPage(await shown.text()));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function notCopied(error: Error): never {
  const [why = ''] = error.message.split('\n');
  throw new UserError(
    `The pull request was not made: the repository cannot be copied. ${why}`,
    'Leave --post out. A clone without all of its history, or with SHA-256, cannot be copied.',
    3,
  );
}
