import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { agentName } from '#core/api/tasks/messages.ts';
import { prioritySchema } from '#core/tasks/task.ts';
import { isoTime, parseDuration } from '../duration.ts';
import { parseOptions } from '../parse-options.ts';
import { numberOption } from '../whole-option.ts';
import { wrongUsage } from '../user-error.ts';

export const deadlineOption = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  const at = isoTime(ms === null ? Date.parse(text) : Date.now() + ms);
  if (at !== null) return at;
  context.addIssue('must be a time from now like 30m or 2h, or an ISO time');
  return z.NEVER;
});

const metadata = z.array(z.string()).transform((pairs, context) => {
  const bad = pairs.find((pair) => pair.indexOf('=') < 1);
  if (bad !== undefined) context.addIssue(`"${bad}" must be name=value`);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
});

const positive = numberOption.positive();

const optionsSchema = z.object({
  agent: agentName,
  input: z.string().min(1).optional(),
  system: z.string().min(1).optional(),
  session: z.string().min(1).optional(),
  priority: prioritySchema.optional(),
  budgetUsd: positive.optional(),
  budgetTokens: positive.int().optional(),
  deadline: deadlineOption.optional(),
  durability: z.enum(['region', 'global']).optional(),
  callback: z.url().optional(),
  metadata: metadata.optional(),
  idempotencyKey: z.string().min(1).max(256).optional(),
});

/** Builds the body of `POST /tasks` and the idempotency key from the options. Throws wrong usage. */
export function submissionFrom(agent: string, instruction: string | undefined, raw: object) {
  const options = parseOptions(optionsSchema, { ...raw, agent }, 'submit', ['agent']);
  const { input, session, budgetUsd, budgetTokens, callback, idempotencyKey, ...rest } = options;
  if ((instruction === undefined) === (input === undefined))
    throw wrongUsage('Give either an instruction or --input.', 'See npm run fleet -- submit --help.');
  const budget = { ...defined({ usd: budgetUsd, tokens: budgetTokens }) };
  const body = {
    ...defined(rest),
    ...(input === undefined ? { instruction } : { input: readInput(input) }),
    ...defined({ sessionId: session }),
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(callback !== undefined && { callback: { url: callback } }),
  };
  return { body, idempotencyKey, sessionId: session };
}

/** Reads typed input: JSON itself, `-` for JSON on stdin, or a JSON file. */
export function readInput(input: string): unknown {
  const inline = /^\s*[{["]/.test(input);
  const text = inline ? input : readText(input);
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = inline ? 'The input' : input === '-' ? 'The text on stdin' : input;
    throw wrongUsage(`${where} is not valid JSON: ${(error as Error).message}.`, 'Give JSON or a JSON file.');
  }
}

const STDIN = 0;

export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? STDIN : file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUsage(
      `${file} cannot be read (${code ?? String(error)}).`,
      'Check the path, or give the JSON directly.',
    );
  }
}

const defined = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
