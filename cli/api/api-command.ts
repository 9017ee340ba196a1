import type { Command } from 'commander';
import { z } from 'zod';
import { ApiClient } from './client.ts';
import { findTarget, type Target } from './target.ts';
import { terminalOutput, type Output } from '../terminal/output.ts';

/** What commands use that call the task API. */
export interface ApiContext {
  readonly api: ApiClient;
  readonly target: Target;
  /** Whether stdout is for a machine. */
  readonly json: boolean;
  /** The command's result, for people. */
  readonly output: Output;
  /** Notes and progress, on stderr. */
  readonly notes: Output;
}

const optionsSchema = z.object({
  url: z.string().optional(),
  key: z.string().optional(),
  json: z.boolean().default(false),
});

/** Adds the options that choose the fleet, and --json. */
export function withApi(command: Command): Command {
  return command
    .option('--url <url>', 'URL of the task API (default: FLEET_URL, else the fleet on this machine)')
    .option('--key <key>', 'API key; prefer FLEET_KEY, which the process list does not show')
    .option('--json', 'one JSON object on stdout');
}

/** Creates the context from a command's options. */
export function apiContext(options: object): ApiContext {
  const { url, key, json } = optionsSchema.parse(options);
  const target = findTarget({ url, key }, terminalOutput(true));
  return { api: new ApiClient(target), target, json, output: terminalOutput(json), notes: terminalOutput(true) };
}

/** Formats examples for the end of `--help`, one per line. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.map((line) => `  npm run fleet -- ${line}`).join('\n')}`;
}
