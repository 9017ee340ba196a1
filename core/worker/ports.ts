import type { EndingPorts } from '../ending/ports.ts';
import type { Governor } from '../governor/governor.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Model } from '../ports/model.ts';
import type { PermitStore } from '../ports/permit-store.ts';
import type { PoolStore } from '../ports/pool-store.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Tracer } from '../ports/tracer.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { SpendingPorts } from '../spending/ports.ts';
import type { ObjectPorts } from './objects-elsewhere.ts';

/** Everything a worker needs of the outside world. */
export interface WorkerPorts extends EndingPorts, SpendingPorts, ObjectPorts {
  readonly model: Model;
  readonly audit: AuditTrail;
  /** Whether the pool is paused or in trouble. */
  readonly pools: PoolStore;
  /** Gives model calls their slots; one for each process. */
  readonly governor: Governor;
  /** Which tasks of a tenant with a cap are worked on. */
  readonly permits: PermitStore;
  /** Which runs were cancelled. @default none is ever cancelled as a whole */
  readonly runs?: Pick<RunStore, 'get' | 'mark'> | undefined;
  /** Turns places in a bundle, in a stack, into places in the sources. @default they stay as they are */
  readonly inSources?: ((stack: string) => string) | undefined;
  /** Where the spans of turns go. @default none are recorded */
  readonly tracer?: Tracer | undefined;
  /** For agents with untrusted tools. */
  readonly sandbox?: Sandbox | undefined;
}
