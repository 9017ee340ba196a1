import type { Command } from 'commander';
import { systems } from '#bin/systems.ts';
import { bench } from '../../../../bench/measure.ts';
import { benchMarket, marketBenchOptions } from './market.ts';

/** Adds `bench market` to the commands of `npm run bench`. */
export function addCommand(program: Command): void {
  program
    .command('market')
    .description('play a day of 500 instruments to a fleet, whose bars come at once: losses, latencies, CPU time')
    .option('--events <n>', 'records; fewer than 50,000 are those around the opening bell', '50000')
    .option('--minutes <n>', 'minutes that they take', '30')
    .option('--seed <n>', 'another day', '1')
    .option('--faults', 'kill all workers twice, and let the model refuse every call for a fifteenth of the day')
    .option('--json', 'print one JSON object to stdout, progress to stderr')
    .action(bench(marketBenchOptions, (options, output) => benchMarket(systems, options, output)));
}
