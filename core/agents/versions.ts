import type { Failure } from '../failures/failure.ts';
import type { Task } from '../tasks/task.ts';
import type { Agent } from './define-agent.ts';

/** The version of an agent that accepted a task, which is the one it finishes on; the failure where it is not there. */
export function versionFor(versions: readonly Agent[], task: Task): Agent | Failure {
  return versions.find(({ version }) => version === task.agentVersion) ?? unknownVersion(task, versions);
}

function unknownVersion({ agent, agentVersion }: Task, versions: readonly Agent[]): Failure {
  const known = versions.map(({ version }) => `"${version}"`).join(', ');
  return {
    kind: 'permanent',
    reason: `The task was accepted by version "${agentVersion}" of ${agent}; this worker knows ${known}. Give agentHandler the old definition as \`earlier\`, or submit the task again.`,
  };
}
