import type { z } from 'zod';
import { wrongUsage } from './user-error.ts';

/**
 * Parses a command's options. Throws wrong usage that names the first bad option.
 * @param command as the user types it, for the remedy
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
