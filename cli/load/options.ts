import { VISIBLE } from '#core/text/text.ts';
import { z } from 'zod';
import { agentName } from '#core/api/tasks/messages.ts';
import { prioritySchema } from '#core/tasks/task.ts';
import { parseDuration } from '../duration.ts';
import { parseOptions } from '../parse-options.ts';
import { readInput } from '../tasks/submission.ts';
import { wrongUsage } from '../user-error.ts';
import { numberOption, wholeOption } from '../whole-option.ts';

/** The maximum number of tasks: a typo in the rate must not cost a fortune. */
const MAX_TASKS = 100_000;

const milliseconds = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  context.addIssue('must be a duration like 30s, 10m or 2h');
  return z.NEVER;
});

const optionsSchema = z.object({
  agent: agentName,
  rate: numberOption.positive().max(1_000),
  duration: milliseconds,
  arrivals: z.enum(['poisson', 'even']),
  seed: wholeOption(0, 2 ** 31),
  patience: milliseconds,
  priority: prioritySchema.default('default'),
  instruction: z.string().regex(VISIBLE, 'must not be blank').optional(),
  inputFile: z.string().min(1).optional(),
});
export type LoadOptions = Omit<z.output<typeof optionsSchema>, 'instruction' | 'inputFile'> & {
  /** The instruction or input of each task, as part of its request body; null if none was given. */
  readonly work: Readonly<Record<string, unknown>> | null;
};

/** The options of `fleet load`. Throws wrong usage. */
export function parseLoadOptions(raw: object): LoadOptions {
  const { instruction, inputFile, ...options } = parseOptions(optionsSchema, raw, 'load');
  const tasks = options.rate * (options.duration / 1_000);
  if (tasks > MAX_TASKS)
    throw wrongUsage(
      `That would be ${Math.round(tasks)} tasks; the maximum is ${MAX_TASKS}.`,
      'Lower --rate or --duration.',
    );
  const said = instruction === undefined ? null : { instruction };
  return { ...options, work: inputFile === undefined ? said : { input: readInput(inputFile) } };
}
