import type { Command } from 'commander';
import { usageAnswerSchema, usageQuerySchema, type UsageAnswer } from '../core/api/messages/usage.ts';
import { fleetOperations } from '../core/api/operations/fleet.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { parseOptions } from './parse-options.ts';
import { dollars } from './terminal/format.ts';
import { table } from './terminal/table.ts';

/** Adds `fleet usage`. */
export function addUsage(fleet: Command): void {
  withApi(fleet.command('usage'))
    .description('what was used and what it cost, by agent and UTC day; today without dates')
    .option('--from <day>', 'first day, like 2026-11-01')
    .option('--to <day>', 'last day')
    .option('--agent <agent>')
    .addHelpText('after', examples('usage', 'usage --from 2026-11-01 --to 2026-11-30 --agent assistant'))
    .action(showUsage);
}

const optionsSchema = usageQuerySchema.strip();

async function showUsage(options: object): Promise<void> {
  const query = parseOptions(optionsSchema, options, 'usage');
  const { api, output, json } = apiContext(options);
  const usage = await api.call(fleetOperations.getUsage, usageAnswerSchema, { query });
  if (json) return output.json(usage);
  if (usage.rows.length === 0) return output.line('Nothing was used.');
  const rows = [...usage.rows, { day: 'sum', agent: '', ...usage.sum }].map(row);
  output.line(table(COLUMNS, rows, process.stdout.columns));
}

const COLUMNS = [
  { name: 'day' },
  { name: 'agent' },
  { name: 'calls', align: 'right' },
  { name: 'tokens in', align: 'right' },
  { name: 'cached', align: 'right' },
  { name: 'out', align: 'right' },
  { name: 'cost', align: 'right' },
  { name: 'saved', align: 'right' },
  { name: 'succeeded', align: 'right' },
  { name: 'failed', align: 'right' },
  { name: 'others', align: 'right' },
] as const;

function row({ day, agent, calls, usage, usd, savedUsd, ended }: UsageAnswer['sum'] & { day: string; agent: string }) {
  const number = (n = 0): string => n.toLocaleString('en-US');
  const inputs = [usage.input + usage.cacheWrite, usage.cacheRead, usage.output].map(number);
  const others = (ended.cancelled ?? 0) + (ended.escalated ?? 0);
  const ends = [ended.succeeded, ended.failed, others].map(number);
  return [day, agent, number(calls), ...inputs, dollars(usd), dollars(savedUsd), ...ends];
}
