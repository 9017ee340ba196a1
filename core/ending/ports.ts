import type { CallbackQueue } from '../ports/callback-queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { EscalationStore } from '../ports/escalation-store.ts';
import type { ReportEvent } from '../ports/events.ts';
import type { TaskNotifier } from '../ports/notifier.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { UsageStore } from '../ports/usage-store.ts';
import type { SessionPorts } from '../sessions/order.ts';

/** What it takes to follow up on the end of a task. */
export interface EndingPorts extends SessionPorts {
  readonly store: TaskStore;
  readonly notifier: TaskNotifier;
  /** For tasks with a callback. */
  readonly callbacks?: CallbackQueue | undefined;
  /** Where tasks for a person wait; without it they are left to the sweeper. */
  readonly escalations?: EscalationStore | undefined;
  readonly usage: UsageStore;
  readonly clock: Clock;
  readonly report: ReportEvent;
}
