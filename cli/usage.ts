import type { Command } from 'commander';
import { z } from 'zod';
import { usageAnswerSchema, usageQuerySchema, type UsageAnswer } from '#core/api/usage/messages.ts';
import { usageOperations } from '#core/api/usage/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { requireKnownAgent } from './api/require-agent.ts';
import { parseOptions } from './parse-options.ts';
import { dollars } from './terminal/format.ts';
import { table } from './terminal/table.ts';

/** Adds `fleet usage`. */
export function addUsage(fleet: Command): void {
  withApi(fleet.command('usage'))
    .description('shows tokens and cost by agent and UTC day (default: today)')
    .option('--from <day>', 'first day, like 2026-11-01')
    .option('--to <day>', 'last day')
    .option('--agent <agent>')
    .option('--models', 'one line per model: an agent can upgrade to a second one')
    .addHelpText('after', examples('usage', 'usage --from 2026-11-01 --to 2026-11-30 --agent assistant'))
    .action(showUsage);
}

const optionsSchema = usageQuerySchema.extend({ models: z.boolean().default(false) }).strip();

async function showUsage(options: object): Promise<void> {
  const { models, ...query } = parseOptions(optionsSchema, options, 'usage');
  const { api, output, json } = apiContext(options);
  const usage = await api.call(usageOperations.getUsage, usageAnswerSchema, { query });
  if (usage.rows.length === 0) await requireKnownAgent(api, query.agent);
  if (json) return output.json(usage);
  if (usage.rows.length === 0) return output.line('No usage.');
  const rows = models ? usage.rows.flatMap(modelRows) : usage.rows.map(agentRow);
  const all = [...rows, agentRow({ day: 'sum', agent: '', ...usage.sum })];
  const shown = (_: unknown, at: number): boolean => at !== INTERRUPTED || usage.sum.lostUsd > 0;
  output.line(
    table(
      COLUMNS.filter(shown),
      all.map((row) => row.filter(shown)),
      process.stdout.columns,
    ),
  );
}

const COLUMNS = [
  { name: 'day' },
  { name: 'agent' },
  { name: 'calls', align: 'right' },
  { name: 'tokens in', align: 'right' },
  { name: 'cached', align: 'right' },
  { name: 'out', align: 'right' },
  { name: 'cost', align: 'right' },
  { name: 'interrupted', align: 'right' },
  { name: 'saved', align: 'right' },
  { name: 'succeeded', align: 'right' },
  { name: 'failed', align: 'right' },
  { name: 'others', align: 'right' },
] as const;

/** Charged for calls that were interrupted and may have been billed. Most days have none. */
const INTERRUPTED = COLUMNS.findIndex(({ name }) => name === 'interrupted');

type Row = UsageAnswer['rows'][number];

function agentRow({ day, agent, ended, ...used }: Omit<Row, 'models'>): string[] {
  const others = (ended.cancelled ?? 0) + (ended.escalated ?? 0);
  return [day, agent, ...callCells(used), ...[ended.succeeded, ended.failed, others].map(number)];
}

function modelRows({ day, agent, models }: Row): string[][] {
  return Object.entries(models).map(([model, used]) => [day, `${agent}: ${model}`, ...callCells(used), '', '', '']);
}

function callCells({ calls, usage, usd, lostUsd, savedUsd }: Row['models'][string]): string[] {
  const inputs = [usage.input + usage.cacheWrite, usage.cacheRead, usage.output].map(number);
  return [number(calls), ...inputs, dollars(usd), dollars(lostUsd), dollars(savedUsd)];
}

const number = (n = 0): string => n.toLocaleString('en-US');
