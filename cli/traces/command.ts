import { Option, type Command } from 'commander';
import { traceViewSchema } from '#core/api/traces/messages.ts';
import { traceOperations } from '#core/api/traces/operations.ts';
import { apiContext, examples, withApi, type ApiContext } from '../api/api-command.ts';
import { traceText, type By } from './waterfall.ts';

/** Adds `fleet trace`. */
export function addTraces(fleet: Command): void {
  withApi(fleet.command('trace'))
    .argument('<id>', 'the task')
    .description('shows where the time, or the money, of a task went: requests, waits, turns, model calls, tool calls')
    .addOption(new Option('--by <what>', 'what the bars show').choices(['time', 'usd']).default('time'))
    .addHelpText(
      'after',
      `${examples('trace task-0123456789abcdef', 'trace task-0123456789abcdef --by usd')}\n\nOn this machine every trace is kept for 7 days. On AWS, traceSampling in config/*.json decides.`,
    )
    .action((id: string, options: { by: By }) => traceCommand(apiContext(options), id, options.by));
}

/** `fleet trace`. */
export async function traceCommand({ api, output, notes, json }: ApiContext, id: string, by: By): Promise<void> {
  const trace = await api.call(traceOperations.getTaskTrace, traceViewSchema, { params: { id } });
  if (json) return output.json(trace);
  output.line(traceText(trace, by, process.stdout.columns));
  if (trace.spans.length === 0)
    notes.line(
      'The trace has no spans: it was not sampled, or they have not arrived. Spans are written when a turn ends.',
    );
}
