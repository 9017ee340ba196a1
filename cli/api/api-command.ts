import type { Command } from 'commander';
import { z } from 'zod';
import { ApiClient } from './client.ts';
import { findTarget, type Target } from './target.ts';
import { terminalOutput, type Output } from '../terminal/output.ts';

/** What every command that talks to the task API has at hand. */
export interface ApiContext {
  readonly api: ApiClient;
  readonly target: Target;
  /** Whether stdout is for a machine. */
  readonly json: boolean;
  /** The command's answer, for people. */
  readonly output: Output;
  /** What is said beside the answer, on stderr. */
  readonly notes: Output;
}

const optionsSchema = z.object({
  url: z.string().optional(),
  key: z.string().optional(),
  json: z.boolean().default(false),
});

/** Gives a command the options that say which fleet it talks to, and for whom it answers. */
export function withApi(command: Command): Command {
  return command
    .option('--url <url>', 'the task API (default: FLEET_URL, else the fleet that runs here)')
    .option('--key <key>', 'its key; better set FLEET_KEY, which no list of processes shows')
    .option('--json', 'one JSON object on stdout');
}

/** The context of a command by its options. */
export function apiContext(options: object): ApiContext {
  const { url, key, json } = optionsSchema.parse(options);
  const target = findTarget({ url, key }, terminalOutput(true));
  return { api: new ApiClient(target), target, json, output: terminalOutput(json), notes: terminalOutput(true) };
}

/** Examples at the end of `--help`, one a line, as they are typed. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.map((line) => `  npm run fleet -- ${line}`).join('\n')}`;
}
