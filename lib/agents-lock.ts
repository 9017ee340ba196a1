import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '#core/agents/define-agent.ts';
import { AgentsLockError, LOCK_FILE, lockProblems, parseLock } from '#core/agents/lock.ts';
import { ConfigError, type Config } from './config.ts';

/** `systems/` beside `lib/`. */
const SYSTEMS = join(import.meta.dirname, '..', 'systems');

interface Definitions {
  readonly name: string;
  readonly agents: readonly Agent<never>[];
}

/**
 * Checks the definitions of all agents against the lock files of their systems. Returns what is wrong, one item per
 * version. Where data is protected, throws `ConfigError` instead: such an environment may have tasks of these versions.
 * @param folder the folder of all systems @default `systems/`
 */
export function checkDefinitions(
  { protectData, prefix }: Pick<Config, 'protectData' | 'prefix'>,
  systems: readonly Definitions[],
  folder: string = SYSTEMS,
): readonly string[] {
  const says = systems.flatMap(({ name, agents }) =>
    problemsOf(`systems/${name}/${LOCK_FILE}`, join(folder, name, LOCK_FILE), agents),
  );
  if (!protectData || says.length === 0) return says;
  throw new ConfigError([`${prefix} protects its data, so nothing is synthesized.`, ...says].join('\n'));
}

function problemsOf(shown: string, path: string, agents: readonly Agent<never>[]): readonly string[] {
  try {
    const lock = existsSync(path) ? parseLock(shown, readFileSync(path, 'utf8')) : null;
    return lockProblems(shown, lock, agents, sha256).map(({ says }) => says);
  } catch (error) {
    if (error instanceof AgentsLockError) return [error.message];
    throw error;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
