import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { systems } from '#bin/systems.ts';
import { exitCodeOf } from '#cli/exit-code.ts';
import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { PROJECT } from '#cli/fleet/paths.ts';
import { burstChart } from './burst-chart.ts';
import { benchBurst, burstBenchOptions } from './burst.ts';
import { benchDispatch, dispatchBenchOptions } from './dispatch.ts';
import { benchCalls, callsBenchOptions } from './calls/calls.ts';
import { bench } from './measure.ts';
import { benchPeers, PEERS, peersBenchOptions } from './peers/peers.ts';
import { benchScale, scaleBenchOptions } from './scale/scale.ts';
import { KINDS } from './scale/calls.ts';
import { USUAL } from './scale/workload.ts';
import { benchTraces, tracesBenchOptions } from './traces.ts';

const program = new Command('bench')
  .description('Measures the fleet on this machine. The model is simulated; its CPU time is reported separately.')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExamples:\n  npm run bench -- documents --documents 1000 --agents 50 --latency 2400\n  npm run bench -- dispatch --messages 2000 --json',
  );

program
  .command('dispatch')
  .description('measure the time from a visible message to the first line of its handler')
  .option('--messages <n>', 'number of messages, one after the other', '1000')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(bench(dispatchBenchOptions, ({ messages }, output) => benchDispatch(messages, output)));

program
  .command('calls')
  .description('measure the processor time of an AWS call of a function, both halves: the SDK and the local cloud')
  .option('--rounds <n>', 'number of rounds of four calls: a put, a read, an update and a message', '2500')
  .option('--at-once <n>', 'rounds at the same time', '5')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(bench(callsBenchOptions, benchCalls));

program
  .command('traces')
  .description('measure the processor time that tracing costs a worker: the same tasks with and without it, in turns')
  .option('--tasks <n>', 'number of tasks in each measurement', '1000')
  .option('--rounds <n>', 'measurements of each kind', '5')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(bench(tracesBenchOptions, (options, output) => benchTraces(systems, options, output)));

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

program
  .command('peers')
  .description('run one job on the fleet and on other task runners, one after the other (docs/benchmarks.md)')
  .option('--peers <names>', 'which ones, separated by commas', PEERS.map(({ name }) => name).join(','))
  .option('--rounds <n>', 'rounds, each with another order; the figures are medians', '3')
  .option('--tasks <n>', 'number of tasks, each with a session of its own', '2000')
  .option('--at-once <n>', 'tasks in progress at the same time', '50')
  .option('--latency <ms>', 'time per answer of the simulated model', '200')
  .option('--save', 'keep the raw figures in bench/peers/results/, from a quiet machine only')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(bench(peersBenchOptions, benchPeers));

program
  .command('scale')
  .description(
    'compute what 1,000 to 100,000,000 tasks take and cost on AWS, and which limit they meet first (docs/cost.md)',
  )
  .option('--kind <kind>', `what a task does: ${KINDS.join(', ')}`, USUAL.kind)
  .option('--tier <tier>', "the agent's tier", USUAL.tier)
  .option('--model-seconds <s>', 'seconds of one model call', String(USUAL.modelSeconds))
  .option('--input-tokens <n>', 'tokens into each model call', String(USUAL.inputTokens))
  .option('--output-tokens <n>', 'tokens out of each model call', String(USUAL.outputTokens))
  .option('--cached-share <share>', 'share of the input that is read from the prompt cache', String(USUAL.cachedShare))
  .option('--economy', 'calls go into Message Batches')
  .option('--workers <n>', "most workers of the pool's default queue", String(USUAL.workers))
  .option('--tasks-per-worker <n>', 'tasks that a worker takes at once', String(USUAL.tasksPerWorker))
  .option('--api-rate <n>', 'requests a second of one key', String(USUAL.apiRate))
  .option('--reads-per-task <n>', 'GET requests for each task', String(USUAL.readsPerTask))
  .option('--requests-per-minute <n>', "the provider's limit of requests", String(USUAL.requestsPerMinute))
  .option('--input-tokens-per-minute <n>', "the provider's limit of input tokens", String(USUAL.inputTokensPerMinute))
  .option(
    '--output-tokens-per-minute <n>',
    "the provider's limit of output tokens",
    String(USUAL.outputTokensPerMinute),
  )
  .option('--write', 'write the tables of docs/cost.md anew, for the usual workload')
  .option('--check', 'also run tasks on this machine and compare their time with the same rules')
  .option('--json', 'print one JSON object to stdout, progress to stderr')
  .action(bench(scaleBenchOptions, benchScale));

/** What a system adds to the commands: `systems/NAME/test/bench/command.ts`. */
interface SystemBench {
  readonly addCommand: (program: Command) => void;
}
for (const file of globSync('systems/*/test/bench/command.ts', { cwd: PROJECT }))
  ((await import(join(PROJECT, file))) as SystemBench).addCommand(program);

outliveReaders([process.stdout, process.stderr]);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
