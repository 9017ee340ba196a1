import type { z } from 'zod';
import type { BatchAnswer, TaskListQuery, TaskPage } from '#core/api/tasks/messages.ts';
import type { taskSubmissionSchema, TaskView } from '#core/api/tasks/messages.ts';
import type { Problem } from '#core/api/http/problem.ts';

// Types alone: nothing of the fleet's code, and none of its libraries, is in the client.
export type { SessionView } from '#core/api/sessions/messages.ts';
export type { Accepted, StepView, TaskView } from '#core/api/tasks/messages.ts';
export type { FieldError, Problem } from '#core/api/http/problem.ts';
export type { BatchAnswer, TaskPage };

/** A task to be done, as `POST /tasks` takes it. */
export type TaskSubmission = z.input<typeof taskSubmissionSchema>;

/** One of `dispatch`: with a key of yours, or with one that the client makes. */
export type DispatchedTask = TaskSubmission & { readonly idempotencyKey?: string };

/** A task that is over. `failed`, `cancelled` and `escalated` are ends too: look at its `status`. */
export type EndedTask = TaskView & { readonly status: 'succeeded' | 'failed' | 'cancelled' | 'escalated' };

/** What became of one task of `dispatch`. */
export type Outcome =
  | { readonly ended: true; readonly task: EndedTask }
  | {
      readonly ended: false;
      /** Why it was not accepted, or why its end was not seen. */
      readonly problem: Problem;
      /** Set when it was accepted: `wait` for it again. Without it, it may be sent again under its key. */
      readonly id?: string;
      readonly idempotencyKey: string;
    };

/** Which tasks `list` gives, newest first. */
export type TaskFilter = Partial<Pick<TaskListQuery, 'agent' | 'status' | 'sessionId' | 'runId' | 'from' | 'to'>>;

/** A task of a list: as `get` gives it, without its output. */
export type ListedTask = TaskPage['tasks'][number];
