import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '#core/agents/define-agent.ts';
import { AgentsLockError, formatLock, LOCK_FILE, parseLock, relock, type Relock } from '#core/agents/lock.ts';
import { PROJECT, sha256 } from './fleet/paths.ts';
import { UserError, wrongUsage } from './user-error.ts';

/** A system's lock file after it was written. */
export interface LockedSystem {
  /** Below the project. */
  readonly path: string;
  readonly changed: boolean;
}

interface Definitions {
  readonly name: string;
  readonly agents: readonly Agent<never>[];
}

/**
 * Writes the lock files of the systems. Nothing is written if one of them does not allow its change. Throws `UserError`.
 * @param project the project's folder
 */
export function lockSystems(
  systems: readonly Definitions[],
  allowed: Relock,
  project: string = PROJECT,
): readonly LockedSystem[] {
  requireKnown(systems, allowed);
  const planned = systems.map(({ name, agents }) => {
    const path = `systems/${name}/${LOCK_FILE}`;
    const file = join(project, path);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
    return { path, file, before, after: lockOf(path, before, agents, allowed) };
  });
  return planned.map(({ path, file, before, after }) => {
    if (after !== before) writeFileSync(file, after);
    return { path, changed: after !== before };
  });
}

function lockOf(path: string, before: string | null, agents: readonly Agent<never>[], allowed: Relock): string {
  try {
    return formatLock(relock(path, before === null ? null : parseLock(path, before), agents, sha256, allowed));
  } catch (error) {
    if (error instanceof AgentsLockError) throw new UserError(error.message, 'No lock file was written.');
    throw error;
  }
}

function requireKnown(systems: readonly Definitions[], { replace }: Relock): void {
  const names = systems.flatMap(({ agents }) => agents.map(({ name }) => name));
  const unknown = replace.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw wrongUsage(`There is no agent "${unknown}".`, `Choose from ${names.join(', ')} with --replace NAME.`);
}
