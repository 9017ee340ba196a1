import type { Command } from 'commander';
import { examples, withApi } from '#cli/api/api-command.ts';
import { failingWith } from '#cli/exit-code.ts';
import { withFleetToWait } from '#cli/fleet/occasion.ts';
import type { CliSystem } from '#cli/system.ts';
import { parseReviewOptions } from './options.ts';
import { requireDone } from './require-done.ts';

/** Adds `fleet review`. */
export function addReview(fleet: Command, systems: readonly CliSystem[]): void {
  withApi(fleet.command('review'))
    .description('reviews a range of commits of a local git repository: findings, review.html, a verdict')
    .option('--repo <path>', 'folder of the git repository', '.')
    .option('--base <ref>', 'branch, tag or commit that the change will be merged into (required)')
    .option('--head <ref>', 'branch, tag or commit with the change', 'HEAD')
    .option('--out <dir>', 'folder for the pages (default: reports/review-<base>-<head>)')
    .option('--max-usd <n>', 'maximum cost of the review, enforced before each model call')
    .option(
      '--post <where>',
      'never; local: shows it as a pull request, on a simulated GitHub of this machine; github: posts it, with the token in GITHUB_TOKEN',
      'never',
    )
    .option('--pull-request <name>', 'the pull request, such as owner/name#12; its head must be the reviewed commit')
    .option('--sarif', 'SARIF 2.1.0 on stdout, for tools that show findings of analysers')
    .addHelpText(
      'after',
      '\nThe command reads commits, not the working tree, and executes nothing of the repository.' +
        ' If no fleet is running, it starts one and stops it at the end.' +
        '\n\nExit codes: 0 approved or comments only, 1 changes requested, 2 wrong usage, 3 not reviewed, or not posted.' +
        `\n${examples('review --base HEAD~1', 'review --base HEAD~5 --post local', 'review --base HEAD~5 --head HEAD~1 --json')}`,
    )
    .action(async (raw: { url?: string }) => {
      // Only a verdict ends with 1: a pipeline reads it as a request for changes.
      const review = await failingWith(3, async () => {
        const options = parseReviewOptions(raw);
        const { reviewCommand } = await import('./command.ts');
        return reviewCommand(options, raw, (act) => withFleetToWait(systems, { ...raw, wait: true }, act));
      });
      requireDone(review);
    });
}
