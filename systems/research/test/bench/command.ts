import type { Command } from 'commander';
import { systems } from '#bin/systems.ts';
import { bench } from '../../../../bench/measure.ts';
import { benchResearch, researchBenchOptions } from './nights.ts';

/** Adds `bench research` to the commands of `npm run bench`. */
export function addCommand(program: Command): void {
  program
    .command('research')
    .description('research companies of a simulated web: seconds of a night beside the least that waiting takes')
    .option('--companies <n>', 'number of companies', '500')
    .option('--nights <n>', 'nights, one after the other', '1')
    .option(
      '--faults',
      'a twentieth of the sites is dead, all workers are killed twice a night, and the model refuses every call for a minute of the first night',
    )
    .option('--json', 'print one JSON object to stdout, progress to stderr')
    .action(bench(researchBenchOptions, (options, output) => benchResearch(systems, options, output)));
}
