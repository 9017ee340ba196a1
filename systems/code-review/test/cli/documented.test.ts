import { Command } from 'commander';
import { expect, it } from 'vitest';
import { documentedCommands, shellWords } from '#test/cli/support/documented.ts';
import { readRange } from '../../cli/git/read-range.ts';
import { addReview } from '../../cli/add-review.ts';
import { parseReviewOptions } from '../../cli/options.ts';
import { testRepository } from '../repository.ts';

/** `fleet review` alone, whose action notes the options. */
function reviewAlone() {
  const fleet = new Command('npm run fleet --');
  const seen: object[] = [];
  addReview(fleet, []);
  fleet.commands[0]?.action((raw: object) => void seen.push(raw));
  return { fleet, seen };
}

const documented = documentedCommands(reviewAlone().fleet).filter((typed) => typed.startsWith('review '));

it('some commands are documented, in a document and in --help', () => {
  expect(documented.length).toBeGreaterThanOrEqual(3);
});

/** Documented commands are typed as they stand: they name no folder, branch or pull request that a reader does not have. */
it.each(documented)('%s runs in any repository with a few commits', async (typed) => {
  const repository = testRepository();
  for (let n = 1; n <= 6; n += 1) repository.commit(`Count to ${n}`, { 'count.txt': `${n}\n` });
  repository.git('checkout', '--quiet', '-b', 'trunk');
  repository.git('branch', '--quiet', '-D', 'main');
  const { fleet, seen } = reviewAlone();
  fleet.parse(shellWords(typed), { from: 'user' });
  const { repo, base, head } = parseReviewOptions(seen[0]);
  expect(repo).toBe('.');
  const { files } = await readRange({ repository: repository.folder, base, head });
  expect(files).toMatchObject([{ path: 'count.txt' }]);
});
