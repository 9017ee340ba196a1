import { FailureError } from '../failures/failure.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import { homeOfTask } from '../regions/home.ts';
import type { TaskId } from '../tasks/task-id.ts';
import type { WorkerPorts } from './ports.ts';

/** How long a task waits before it looks for its object again. */
const LOOKS_AGAIN_MS = 60_000;

/**
 * The artifacts as a task sees them. The documents of an upload lie in a bucket of its region alone. When the task was
 * taken over, it waits for that region, spends no attempt (I5), and fails by its deadline only.
 */
export function artifactsOf({ artifacts, homes }: Pick<WorkerPorts, 'artifacts' | 'homes'>, id: TaskId): Artifacts {
  const home = homes ? homeOfTask(id, homes.names) : null;
  if (!homes || home === null || home === homes.here) return artifacts;
  const reason = `An object of the task cannot be read outside its region, ${homes.names[home]}. The task waits until that region has its home back.`;
  return {
    ...artifacts,
    async get(ref) {
      try {
        return await artifacts.get(ref);
      } catch (cause) {
        throw new FailureError({ kind: 'throttled', reason, retryAfterMs: LOOKS_AGAIN_MS }, { cause });
      }
    },
  };
}
