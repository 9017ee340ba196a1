import type { Command } from 'commander';
import { z } from 'zod';
import { runAcceptedSchema } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { parseItems, type Item } from '#core/runs/item.ts';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { parseOptions } from '../parse-options.ts';
import { deadlineOption, readText } from '../tasks/submission.ts';
import { wrongUsage } from '../user-error.ts';
import { numberOption } from '../whole-option.ts';
import { placeItems } from './place-items.ts';

const optionsSchema = z.object({
  items: z.string().min(1),
  name: z.string().min(1).max(128).optional(),
  group: z.string().min(1).max(128).optional(),
  budgetUsd: numberOption.positive().optional(),
  deadline: deadlineOption.optional(),
  idempotencyKey: z.string().min(1).max(256).optional(),
});

/** Adds `fleet runs start`. */
export function addStart(runs: Command): void {
  withApi(runs.command('start').argument('<workflow>', 'a pipeline of the fleet'))
    .description('starts a run of a pipeline over a list of items')
    .requiredOption('--items <file>', 'JSON lines or a JSON array of objects with an `id`; - for stdin')
    .option('--name <name>', 'a name for people')
    .option('--group <group>', 'runs of a group share results, such as those of one night')
    .option('--budget-usd <usd>', 'most that the run may cost')
    .option('--deadline <time>', 'when it ends with what there is: 2h from now, or an ISO time')
    .option('--idempotency-key <key>', 'the same key is the same run')
    .addHelpText('after', examples('runs start WORKFLOW --items FILE --budget-usd 20 --deadline 2h'))
    .action(async (workflow: string, _: object, command: Command) => {
      const raw: object = command.optsWithGlobals();
      const { items: file, idempotencyKey, ...rest } = parseOptions(optionsSchema, raw, 'runs start');
      const context = apiContext(raw);
      const place = await placeItems(context.api, itemsIn(file));
      const { api, output, json } = context;
      const run = await api.call(runOperations.submitRun, runAcceptedSchema, {
        body: { workflow, ...rest, ...place },
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      if (json) return output.json(run);
      output.line(`${run.id} has started. See its progress with: npm run fleet -- runs ${run.id}`);
    });
}

/** Throws wrong usage that names the line. */
function itemsIn(file: string): readonly Item[] {
  const text = readText(file).replace(/^\uFEFF/, '');
  const parsed = parseItems(text.trimStart().startsWith('[') ? linesOf(file, text) : text);
  if (!parsed.ok) throw wrongUsage(`${file}: ${parsed.problem}`, 'See docs/patterns.md#pipeline for the format.');
  if (parsed.items.length === 0) throw wrongUsage(`${file} has no items.`, 'Write one JSON object a line.');
  return parsed.items;
}

function linesOf(file: string, text: string): string {
  const list = z.array(z.unknown()).safeParse(parsedJson(file, text));
  return list.success ? list.data.map((item) => JSON.stringify(item)).join('\n') : text;
}

function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongUsage(`${file} is not valid JSON: ${(error as Error).message}.`, 'Give JSON lines or a JSON array.');
  }
}
