import type { z } from 'zod';
import type { AuditTrail } from '#core/ports/audit-trail.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import type { Executions } from '#core/ports/executions.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import type { AppAccess } from '../github/app-access.ts';
import type { codeReviewSettings } from '../settings.ts';
import type { HeadStore } from './head-store.ts';
import type { ClaimStore, RecordStore } from './claim-store.ts';
import type { HeldStore } from './held-store.ts';

/** What preparing and posting a review use. */
export interface ReviewPorts {
  readonly claims: ClaimStore;
  readonly records: RecordStore;
  readonly heads: Pick<HeadStore, 'add'>;
  readonly access: Pick<AppAccess, 'to' | 'login' | 'forget'>;
  readonly held: HeldStore;
  readonly audit: AuditTrail;
  /** Day counters of repositories, and of the whole system. */
  readonly budgets: DaySpend;
  readonly executions: Executions;
  readonly store: TaskStore;
  readonly queue: TaskQueue;
  readonly files: ReviewFiles;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: z.infer<typeof codeReviewSettings>;
  readonly pause: (ms: number) => Promise<void>;
  /** Called with what a person should know. It holds no text of the change. */
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Objects of one execution: the task's input, and the plan, which its end needs. */
export interface ReviewFiles {
  /** Where an object is, for the task that reads it. */
  at(name: string): { readonly bucket: string; readonly key: string };
  put(name: string, value: unknown): Promise<void>;
  /** Throws a permanent `FailureError` when it does not exist. */
  get(name: string): Promise<unknown>;
}
