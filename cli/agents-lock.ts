import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '#core/agents/define-agent.ts';
import {
  AgentsLockError,
  formatLock,
  LOCK_FILE,
  lockProblems,
  parseLock,
  relock,
  type AgentsLock,
  type Relock,
} from '#core/agents/lock.ts';
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
  const found = systems.map(({ name, agents }) => {
    const path = `systems/${name}/${LOCK_FILE}`;
    const file = join(project, path);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
    return { path, file, agents, before, lock: before === null ? null : sound(() => parseLock(path, before)) };
  });
  requireUndefined(found, allowed);
  const planned = found.map((each) => {
    const { path, lock, agents } = each;
    return { ...each, after: sound(() => formatLock(relock(path, lock, agents, sha256, allowed))) };
  });
  return planned.map(({ path, file, before, after }) => {
    if (after !== before) writeFileSync(file, after);
    return { path, changed: after !== before };
  });
}

/** Of an error in a lock file makes one for the user. */
function sound<Result>(read: () => Result): Result {
  try {
    return read();
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

interface FoundLock extends Pick<Definitions, 'agents'> {
  readonly path: string;
  readonly lock: AgentsLock | null;
}

/** Only a version that is in a lock and has no definition can be retired. */
function requireUndefined(found: readonly FoundLock[], { retire }: Relock): void {
  if (retire.length === 0) return;
  const gone = found
    .flatMap(({ path, lock, agents }) => lockProblems(path, lock, agents, sha256))
    .flatMap(({ kind, agent, version }) => (kind === 'gone' ? [`${agent}@${version}`] : []));
  const wrong = retire.find((version) => !gone.includes(version));
  if (wrong === undefined) return;
  throw wrongUsage(
    `No lock file has "${wrong}" without its definition.`,
    gone.length === 0 ? 'There is nothing to retire.' : `Choose from ${gone.join(', ')} with --retire AGENT@VERSION.`,
  );
}
