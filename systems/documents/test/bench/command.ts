import type { Command } from 'commander';
import { systems } from '#bin/systems.ts';
import { bench } from '../../../../bench/measure.ts';
import { benchDocuments, documentsBenchOptions } from './documents.ts';

/** Adds `bench documents` to the commands of `npm run bench`. */
export function addCommand(program: Command): void {
  program
    .command('documents')
    .description('run distinct contracts through a fleet: makespan ÷ ideal, CPU time, memory')
    .option('--documents <n>', 'number of documents', '1000')
    .option('--agents <n>', 'documents in progress at the same time', '50')
    .option('--tasks-per-worker <n>', 'maximum documents per worker at the same time', '5')
    .option('--latency <ms>', 'time per answer of the simulated model', '2400')
    .option('--cold', 'no warm pool: workers start with the first documents')
    .option('--json', 'print one JSON object to stdout, progress to stderr')
    .action(bench(documentsBenchOptions, (options, output) => benchDocuments(systems, options, output)));
}
