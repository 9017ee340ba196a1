import { FailureError } from '../failures/failure.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import { homeOfTask, type Homes } from '../regions/home.ts';
import type { TaskId } from '../tasks/task-id.ts';

export interface ObjectPorts {
  readonly artifacts: Artifacts;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
  /** This region's bucket of inputs, which has copies of those of the others. @default the fleet has one region */
  readonly inputs?: string | undefined;
}

/** How long a task waits before it looks for its object again. */
const LOOKS_AGAIN_MS = 60_000;
/** Begins the keys of inputs. */
const INPUT = /^inputs\//;

/**
 * The artifacts as a task sees them. Of inputs there is a copy in each region, a moment after the upload. The documents of
 * an upload lie in a bucket of its region alone. A task that does not find its object here waits for the copy, or for its
 * region when it was taken over. It spends no attempt (I5), and fails by its deadline only.
 */
export function artifactsOf({ artifacts, homes, inputs }: ObjectPorts, id: TaskId): Artifacts {
  if (!homes) return artifacts;
  const home = homeOfTask(id, homes.names);
  return {
    ...artifacts,
    async get(ref) {
      const isCopied = INPUT.test(ref.key) && inputs !== undefined && inputs !== ref.bucket;
      if (!isCopied && home === homes.here) return artifacts.get(ref);
      try {
        return await artifacts.get(isCopied ? { bucket: inputs, key: ref.key } : ref);
      } catch (cause) {
        const reason = isCopied ? NOT_COPIED : notReadHere(homes.names[home] ?? '');
        throw new FailureError({ kind: 'throttled', reason, retryAfterMs: LOOKS_AGAIN_MS }, { cause });
      }
    },
  };
}

const NOT_COPIED =
  'The input was uploaded in another region and has not been copied to this one yet. The task waits for it.';

const notReadHere = (region: string): string =>
  `An object of the task cannot be read outside its region, ${region}. The task waits until that region has its home back.`;
