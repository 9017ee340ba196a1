import type { Command } from 'commander';
import { systems } from '#bin/systems.ts';
import { bench } from '../../../../bench/measure.ts';
import { benchFixes, benchReviews, fixesBenchOptions, reviewsBenchOptions } from './reviews.ts';

/** Adds `bench reviews` and `bench fixes` to the commands of `npm run bench`. */
export function addCommand(program: Command): void {
  program
    .command('reviews')
    .description('open pull requests on a simulated GitHub: seconds from webhook to verdict')
    .option('--pulls <n>', 'number of pull requests', '20')
    .option('--files <n>', 'changed files of each', '20')
    .option('--lines <n>', 'added lines of each file', '40')
    .option('--at-once <n>', 'pull requests under review at the same time, each of another installation', '1')
    .option('--json', 'print one JSON object to stdout, progress to stderr')
    .action(bench(reviewsBenchOptions, (options, output) => benchReviews(systems, options, output)));
  program
    .command('fixes')
    .description('take public security fixes of npm packages back as pull requests, and make them again: what is found')
    .option('--json', 'print one JSON object to stdout, progress to stderr')
    .action(bench(fixesBenchOptions, (options, output) => benchFixes(systems, options, output)));
}
