import type { StackName } from '../e2e/support/assembly.ts';
import type { ApiFleet } from '../e2e/api/fleet.ts';

/** What a system does in the mixed fleet: `part` of its `test/mixed.part.ts`. The release before has the system, too. */
export interface MixedPart {
  readonly system: StackName;
  /** Before the first phase. */
  readonly prepare?: (fleet: ApiFleet) => Promise<void>;
  /** Hands in the work of one phase. Returns the tasks that it knows. All must succeed, and be audited. */
  readonly submit: (fleet: ApiFleet, phase: number) => Promise<readonly string[]>;
  /** Throws unless the work of the phases, 1 to `phases`, had its effects, and each once. */
  readonly check: (fleet: ApiFleet, phases: number) => Promise<void>;
}
