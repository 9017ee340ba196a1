import type { z } from 'zod';
import { wrongUsage } from './user-error.ts';

/**
 * A command's options by their schema; throws wrong usage that names the first bad one as it is typed.
 * @param command as it is typed, for the remedy
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  command: string,
): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.find((part) => typeof part === 'string');
  const option = name === undefined ? '' : `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: `;
  const message = (issue?.message ?? 'wrong usage').replace(/^Invalid (input|option): /, '');
  throw wrongUsage(`${option}${message}.`, `See npm run fleet -- ${command} --help.`);
}
