import type { Failure } from '../failures/failure.ts';
import type { Task } from '../tasks/task.ts';
import type { Agent } from './define-agent.ts';

/** Returns the agent version that accepted the task and must finish it, or the failure if this worker does not have it. */
export function versionFor(versions: readonly Agent[], task: Task): Agent | Failure {
  return versions.find(({ version }) => version === task.agentVersion) ?? unknownVersion(task, versions);
}

function unknownVersion({ agent, agentVersion }: Task, versions: readonly Agent[]): Failure {
  const known = versions.map(({ version }) => `"${version}"`).join(', ');
  return {
    kind: 'permanent',
    reason: `The task was accepted by version "${agentVersion}" of ${agent}; this worker has ${known}. Pass the old definition to agentHandler as \`earlier\`, or submit the task again.`,
  };
}
