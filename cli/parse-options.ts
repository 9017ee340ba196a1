import type { z } from 'zod';
import { plainMessage } from '#core/parse/plain-message.ts';
import { wrongUsage } from './user-error.ts';

/**
 * Parses a command's options. Throws wrong usage that names the first bad option.
 * @param command as the user types it, for the remedy
 * @param positional names of values that are arguments, not options
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  command: string,
  positional: readonly string[] = [],
): z.output<Schema> {
  return parseFlags(schema, raw, `See npm run fleet -- ${command} --help.`, positional);
}

/** The same for a program of its own. @param remedy what to do after wrong usage */
export function parseFlags<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  remedy: string,
  positional: readonly string[] = [],
): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map((issue) => {
    const name = issue.path.find((part) => typeof part === 'string');
    return name === undefined ? plainMessage(issue) : `${spelled(name, positional)} ${plainMessage(issue)}`;
  });
  throw wrongUsage(`${said[0]}.`, remedy);
}

/** `maxUsd` is typed as `--max-usd`. */
function spelled(name: string, positional: readonly string[]): string {
  if (positional.includes(name)) return `<${name}>`;
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
