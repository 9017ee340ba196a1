import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { z } from 'zod';
import { exitCodeOf } from '#cli/exit-code.ts';
import { parseFlags } from '#cli/parse-options.ts';
import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { systems } from '#bin/systems.ts';
import { burstChart } from './burst-chart.ts';
import { benchBurst, burstBenchOptions } from './burst.ts';
import { benchDispatch, dispatchBenchOptions } from './dispatch.ts';
import { benchDocuments, documentsBenchOptions } from './documents.ts';

const program = new Command('bench')
  .description('Measures the fleet on this machine. The model is simulated; its CPU time is reported separately.')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExamples:\n  npm run bench -- documents --documents 1000 --agents 50 --latency 2400\n  npm run bench -- dispatch --messages 2000 --json',
  );

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

program
  .command('dispatch')
  .description('measure the time from a visible message to the first line of its handler')
  .option('--messages <n>', 'number of messages, one after the other', '1000')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(bench(dispatchBenchOptions, ({ messages }, output) => benchDispatch(messages, output)));

program
  .command('burst')
  .description('send a burst of messages: queue depth and workers, with the standard ramp and with provisioned pollers')
  .option('--messages <n>', 'number of messages, all at once', '2000')
  .option('--latency <ms>', 'time a worker takes per message', '1000')
  .option('--workers <n>', 'maximum workers at the same time', '100')
  .option('--chart <file>', 'write an SVG chart to this file')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(
    bench(burstBenchOptions, async (options, output) => {
      const bursts = await benchBurst(options, output);
      const title = `${options.messages} messages of ${options.latency} ms each, at most ${options.workers} workers`;
      if (options.chart !== undefined) await writeFile(options.chart, burstChart(bursts, title));
      if (options.json) return { ...options, bursts };
      return Object.fromEntries(bursts.map(({ mode, seconds }) => [mode, seconds]));
    }),
  );

/** The action of a command: parses the options, measures and prints the figures. */
function bench<Options extends { readonly json: boolean }>(
  schema: z.ZodType<Options>,
  measure: (options: Options, output: Output) => Promise<object>,
) {
  return async (raw: unknown): Promise<void> => {
    const options = parseFlags(schema, raw, 'See npm run bench -- --help.');
    const output = terminalOutput(options.json);
    print(await measure(options, output), options.json, output);
  };
}

function print(figures: object, json: boolean, output: Output): void {
  output.progress('');
  if (json) return output.json(figures);
  for (const [name, value] of Object.entries(figures))
    output.line(`${name.padEnd(18)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
}

outliveReaders([process.stdout, process.stderr]);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
