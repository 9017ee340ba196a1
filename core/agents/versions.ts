import type { Task } from '../tasks/task.ts';
import type { Agent } from './define-agent.ts';

type Accepted = Pick<Task, 'agent' | 'agentVersion'>;

/**
 * Returns the agent version that accepted the task and must finish it. Undefined if this code does not have it. That
 * happens in every deploy, because a task may be accepted by newer code than that of the worker which receives it, and
 * after a rollback. The task waits for a worker that has the version.
 */
export const versionFor = (versions: readonly Agent[], { agent, agentVersion }: Accepted): Agent | undefined =>
  versions.find(({ name, version }) => name === agent && version === agentVersion);

/** Agents with their earlier versions. */
export const allVersions = <Services>(agents: readonly Agent<Services>[]): readonly Agent<Services>[] =>
  agents.flatMap((agent) => [agent, ...agent.earlier]);

/** Why the task waits, and what ends the wait, for the log. */
export function unknownVersion(versions: readonly Agent[], { agent, agentVersion }: Accepted): string {
  const known = versions.map(({ name, version }) => `${name} "${version}"`).join(', ');
  return `The task was accepted by version "${agentVersion}" of ${agent}. This worker has ${known}. The task waits for a worker that has its version: finish the deploy, or give the agent its old definition as \`earlier\` and deploy again.`;
}
