import { z } from 'zod';
import { plainIssue } from '../parse/plain-message.ts';
import type { Agent } from './define-agent.ts';
import { differences, stampOf, type DefinitionStamp } from './definition.ts';
import { allVersions } from './versions.ts';

/** The name of a system's lock file, in its folder. */
export const LOCK_FILE = 'agents.lock.json';

/** The stamps of a system's definitions, by agent and version. */
const lockSchema = z.strictObject({
  agents: z.record(z.string().min(1), z.record(z.string().min(1), z.record(z.string().min(1), z.string()))),
});
export type AgentsLock = z.infer<typeof lockSchema>;

/** A lock file that cannot be used, or a change that it does not allow. The message says what to do. */
export class AgentsLockError extends Error {
  override readonly name = 'AgentsLockError';
}

/** Parses a lock file. Throws `AgentsLockError`. @param path as messages name it */
export function parseLock(path: string, text: string): AgentsLock {
  if (/^(<{7}|={7}|>{7})/m.test(text))
    throw new AgentsLockError(
      `${path} has merge conflicts. Keep the entries of both sides, then run \`${COMMAND}\`: it checks them against the definitions.`,
    );
  const parsed = lockSchema.safeParse(parseJson(path, text));
  if (parsed.success) return parsed.data;
  throw unusable(path, parsed.error.issues.map(plainIssue).join('; '));
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
}

const unusable = (path: string, why: string): AgentsLockError =>
  new AgentsLockError(`${path} cannot be used: ${why}. Restore it from version control, then run \`${COMMAND}\`.`);

export const COMMAND = 'npm run fleet -- agents lock';

export const formatLock = (lock: AgentsLock): string => `${JSON.stringify(lock, null, 2)}\n`;

/** What is wrong with a version: not in the lock, changed since, or in the lock without a definition. */
export interface LockProblem {
  readonly kind: 'unlocked' | 'changed' | 'gone';
  readonly agent: string;
  readonly version: string;
  /** What is wrong and what to do, in sentences. */
  readonly says: string;
}

type Definitions = readonly Agent<never>[];

/** Compares a system's definitions with its lock file. @param lock null without a file @param path as messages name it */
export function lockProblems(
  path: string,
  lock: AgentsLock | null,
  agents: Definitions,
  sha256: (text: string) => string,
): LockProblem[] {
  const defined = allVersions(agents);
  const present = defined.flatMap((agent) => {
    const locked = own(own(lock?.agents, agent.name), agent.version);
    return locked ? changed(agent, locked, stampOf(agent, sha256)) : [unlocked(path, agent)];
  });
  const has = (name: string, version: string): boolean =>
    defined.some((agent) => agent.name === name && agent.version === version);
  const gone = Object.entries(lock?.agents ?? {}).flatMap(([name, versions]) =>
    Object.keys(versions).flatMap((version) => (has(name, version) ? [] : [goneProblem(name, version)])),
  );
  return [...present, ...gone];
}

/** An agent or a version may be called `constructor`: what every object inherits is not in the lock. */
const own = <Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;

const unlocked = (path: string, { name: agent, version }: Agent<never>): LockProblem => ({
  kind: 'unlocked',
  agent,
  version,
  says: `Version "${version}" of the agent ${agent} is not in ${path}. Run \`${COMMAND}\` and commit the file.`,
});

function changed({ name: agent, version }: Agent<never>, before: DefinitionStamp, now: DefinitionStamp): LockProblem[] {
  const parts = differences(before, now);
  if (parts.length === 0) return [];
  const says = `The agent ${agent} has changed under its version "${version}": ${parts.join(', ')}. Tasks that were accepted before would go on with another definition, and old results would be reused. Raise the version, keep the old definition as \`earlier\`, and run \`${COMMAND}\`. If version "${version}" was never deployed, run \`${COMMAND} --replace ${agent}\` instead.`;
  return [{ kind: 'changed', agent, version, says }];
}

const goneProblem = (agent: string, version: string): LockProblem => ({
  kind: 'gone',
  agent,
  version,
  says: `The agent ${agent} no longer has the definition of its version "${version}", so tasks that it accepted would wait until their deadlines. Keep that definition as \`earlier\` of the agent. If none of its tasks is left, run \`${COMMAND} --retire ${agent}@${version}\`.`,
});

/** What `relock` may do beyond adding new versions. */
export interface Relock {
  /** Agents whose changed definitions replace those in the lock. */
  readonly replace: readonly string[];
  /** Versions without a definition that are removed, as `agent@version`. */
  readonly retire: readonly string[];
}

/** Returns the lock of the definitions as they are. Throws `AgentsLockError` for a change that `allowed` does not name. */
export function relock(
  path: string,
  lock: AgentsLock | null,
  agents: Definitions,
  sha256: (text: string) => string,
  allowed: Relock,
): AgentsLock {
  const refused = lockProblems(path, lock, agents, sha256).filter(({ kind, agent, version }) => {
    if (kind === 'changed') return !allowed.replace.includes(agent);
    return kind === 'gone' && !allowed.retire.includes(`${agent}@${version}`);
  });
  if (refused.length > 0) throw new AgentsLockError(refused.map(({ says }) => says).join('\n'));
  const names = [...new Set(agents.map(({ name }) => name))].toSorted();
  return { agents: Object.fromEntries(names.map((name) => [name, stampsOf(name, agents, sha256)])) };
}

/** By version, the oldest first. */
function stampsOf(name: string, agents: Definitions, sha256: (text: string) => string) {
  const versions = allVersions(agents).filter((agent) => agent.name === name);
  const entries = versions.map((agent) => [agent.version, stampOf(agent, sha256)] as const);
  return Object.fromEntries(entries.toReversed());
}
