import type { z } from 'zod';
import type { BatchAnswer, TaskListQuery, TaskPage, WaitedFor } from '#core/api/tasks/messages.ts';
import type { taskSubmissionSchema, TaskView } from '#core/api/tasks/messages.ts';
import type { Problem } from '#core/api/http/problem.ts';

// Types only, so that the client contains none of the fleet's code or libraries.
export type { SessionView } from '#core/api/sessions/messages.ts';
export type { Accepted, StepView, TaskView } from '#core/api/tasks/messages.ts';
export type { FieldError, Problem } from '#core/api/http/problem.ts';
export type { BatchAnswer, TaskPage, WaitedFor };

/** A task to submit: the body of `POST /tasks`. */
export type TaskSubmission = z.input<typeof taskSubmissionSchema>;

/** A task of `dispatch`, with an optional idempotency key. The client generates a missing one. */
export type DispatchedTask = TaskSubmission & { readonly idempotencyKey?: string };

/** A task that has ended. Check its `status`: it may have failed, been cancelled or been escalated. */
export type EndedTask = TaskView & { readonly status: 'succeeded' | 'failed' | 'cancelled' | 'escalated' };

/** The outcome of one task of `dispatch`. */
export type Outcome =
  | { readonly ended: true; readonly task: EndedTask }
  | {
      readonly ended: false;
      /** Why the task was not accepted, or why the client stopped waiting. */
      readonly problem: Problem;
      /** Set if the task was accepted: `wait` for it again. If absent, submit it again under the same key. */
      readonly id?: string;
      readonly idempotencyKey: string;
    };

/** Filters for `list`. */
export type TaskFilter = Partial<Pick<TaskListQuery, 'agent' | 'status' | 'sessionId' | 'runId' | 'from' | 'to'>>;

/** A task in a list: as returned by `get`, without its output. */
export type ListedTask = TaskPage['tasks'][number];
