import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { z } from 'zod';
import { exitCodeOf } from '#cli/exit-code.ts';
import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { systems } from '#bin/systems.ts';
import { burstChart } from './burst-chart.ts';
import { benchBurst, burstBenchOptions } from './burst.ts';
import { benchDispatch, dispatchBenchOptions } from './dispatch.ts';
import { benchDocuments, documentsBenchOptions } from './documents.ts';

const program = new Command('bench')
  .description('Measures the fleet on this machine. The model is simulated; its processor time is reported apart.')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExamples:\n  npm run bench -- documents --documents 1000 --agents 50 --latency 2400\n  npm run bench -- dispatch --messages 2000 --json',
  );

program
  .command('documents')
  .description('distinct contracts through a fleet: makespan ÷ ideal, processor time, memory')
  .option('--documents <n>', 'how many', '1000')
  .option('--agents <n>', 'documents worked on at once', '50')
  .option('--tasks-per-worker <n>', 'documents one worker handles at once, at most', '5')
  .option('--latency <ms>', 'time of one answer of the simulated model', '2400')
  .option('--cold', 'no warm pool: workers start when the first documents come')
  .option('--json', 'one JSON object on stdout, progress on stderr')
  .action(bench(documentsBenchOptions, (options, output) => benchDocuments(systems, options, output)));

program
  .command('dispatch')
  .description('from a message visible in its queue to the first line of its handler')
  .option('--messages <n>', 'how many, one after the other', '1000')
  .option('--json', 'one JSON object on stdout, progress on stderr')
  .action(bench(dispatchBenchOptions, ({ messages }, output) => benchDispatch(messages, output)));

program
  .command('burst')
  .description('a burst of messages: queue depth against workers, by the standard ramp and by provisioned pollers')
  .option('--messages <n>', 'how many, all at once', '2000')
  .option('--latency <ms>', 'what a worker waits for each', '1000')
  .option('--workers <n>', 'most workers at once', '100')
  .option('--chart <file>', 'where an SVG of it goes')
  .option('--json', 'one JSON object on stdout, progress on stderr')
  .action(
    bench(burstBenchOptions, async (options, output) => {
      const bursts = await benchBurst(options, output);
      const says = `${options.messages} messages of ${options.latency} ms each, at most ${options.workers} workers`;
      if (options.chart !== undefined) await writeFile(options.chart, burstChart(bursts, says));
      if (options.json) return { ...options, bursts };
      return Object.fromEntries(bursts.map(({ mode, seconds }) => [mode, seconds]));
    }),
  );

/** What a command does: parses its options, measures, and tells the figures. */
function bench<Options extends { readonly json: boolean }>(
  schema: z.ZodType<Options>,
  measure: (options: Options, output: Output) => Promise<object>,
) {
  return async (raw: unknown): Promise<void> => {
    const options = parse(schema, raw);
    const output = terminalOutput(options.json);
    tell(await measure(options, output), options.json, output);
  };
}

function parse<Options>(schema: z.ZodType<Options>, raw: unknown): Options {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw wrongUsage(`${parsed.error.issues[0]?.message ?? 'Wrong usage'}.`, 'See npm run bench -- --help.');
}

function tell(figures: object, json: boolean, output: Output): void {
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
