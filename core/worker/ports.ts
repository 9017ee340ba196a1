import type { Governor } from '../governor/governor.ts';
import type { Catalogue } from '../models/catalogue.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { CallbackQueue } from '../ports/callback-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { EscalationStore } from '../ports/escalation-store.ts';
import type { DaySpend } from '../ports/day-spend.ts';
import type { ReportEvent } from '../ports/events.ts';
import type { Ids } from '../ports/ids.ts';
import type { Limits } from '../ports/limits.ts';
import type { Model } from '../ports/model.ts';
import type { PermitStore } from '../ports/permit-store.ts';
import type { PoolStore } from '../ports/pool-store.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { TaskNotifier } from '../ports/notifier.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { UsageStore } from '../ports/usage-store.ts';
import type { SessionPolicy } from '../sessions/session.ts';

/** Everything a worker needs of the outside world. */
export interface WorkerPorts {
  readonly store: TaskStore;
  readonly sessions: SessionStore;
  /** For sessions that begin here. @default 20,000 tokens, one hour */
  readonly sessionPolicy?: SessionPolicy | undefined;
  readonly queue: TaskQueue;
  readonly model: Model;
  readonly artifacts: Artifacts;
  readonly notifier: TaskNotifier;
  /** For tasks whose end is told by a callback. */
  readonly callbacks?: CallbackQueue | undefined;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly report: ReportEvent;
  readonly catalogue: Catalogue;
  /** Where tasks for a person wait; without it they are left to the sweeper. */
  readonly escalations?: EscalationStore | undefined;
  /** Whether the pool is paused or in trouble. */
  readonly pools: PoolStore;
  /** Admits model calls; one for each process. */
  readonly governor: Governor;
  readonly limits: Limits;
  /** Which tasks of a tenant with a cap are worked on. */
  readonly permits: PermitStore;
  readonly daySpend: DaySpend;
  readonly usage: UsageStore;
  /** For agents with untrusted tools. */
  readonly sandbox?: Sandbox | undefined;
}
