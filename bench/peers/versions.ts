import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { nodeModule } from './peer.ts';
import { redisServer } from './redis.ts';

const packageSchema = z.object({ version: z.string() });

/** The installed versions of npm packages of the peers. */
export const nodeVersions = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [name, packageSchema.parse(JSON.parse(readFileSync(nodeModule(name), 'utf8'))).version]),
  );

export function redisVersion(): Record<string, string> {
  return { redis: outputOf(redisServer() ?? '', '--version').match(/v=(\S+)/)?.[1] ?? 'unknown' };
}

/** The first line of a program's output; empty if it fails. */
export function outputOf(command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
