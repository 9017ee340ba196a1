import type { FailureKind } from '../failures/failure.ts';
import type { Tier } from '../models/catalogue.ts';
import type { Usage } from '../models/price.ts';
import type { Task } from '../tasks/task.ts';

/** What happens to a task while it is worked on: logs, metrics and traces are derived from these alone. */
export type TaskEvent =
  | { readonly type: 'task.created' }
  | { readonly type: 'task.claimed'; readonly epoch: number; readonly waitedMs: number }
  | { readonly type: 'task.claim-refused'; readonly refusal: string }
  | { readonly type: 'task.claim-lost'; readonly epoch: number }
  /** The cause is the most exact one, as people see it. */
  | { readonly type: 'task.parked'; readonly cause: string; readonly until: number; readonly reason: string }
  | { readonly type: 'task.finished'; readonly status: string; readonly failureKind?: FailureKind; readonly ms: number }
  | {
      readonly type: 'model.answered';
      readonly model: string;
      readonly requestId: string;
      readonly usage: Usage;
      readonly usd: number;
      /** US dollars that caching saved; below zero where it cost more. */
      readonly savedUsd: number;
      readonly ms: number;
    }
  | {
      readonly type: 'model.failed';
      readonly model: string;
      readonly failureKind: FailureKind;
      readonly ms: number;
      /** US dollars that stay charged, since the call may have been billed. Absent when it certainly was not. */
      readonly lostUsd?: number;
    }
  /** A worker died during a call that may have been billed, of the step with this index, in that epoch. Its reservation stays charged. */
  | {
      readonly type: 'model.lost';
      readonly model: string;
      readonly lostUsd: number;
      readonly step: number;
      readonly epoch: number;
    }
  /** A call was given a slot: the worker waited for it, or the task was parked. */
  | { readonly type: 'slot.given'; readonly model: string; readonly ms: number; readonly parked: boolean }
  /** A day's budget has no room for the next call. */
  | { readonly type: 'budget.refused'; readonly of: 'tenant' | 'agent' }
  /** Usage could not be added to the counters. */
  | { readonly type: 'usage.lost' }
  | { readonly type: 'answer.refused' }
  /** The agent's `prepare` answered: no model was called. */
  | { readonly type: 'answer.by-code' }
  /** The task moved to a higher tier. The reason is the agent's own text. */
  | { readonly type: 'task.upgraded'; readonly to: Tier; readonly reason: string }
  | { readonly type: 'tool.ran'; readonly tool: string; readonly isError: boolean; readonly ms: number }
  /** A tool threw: the names of its errors and where they came from, without what they say, which may quote a document. */
  | { readonly type: 'tool.failed'; readonly tool: string; readonly stack: string }
  /** A tool that did not listen to its signal was given up. Nobody knows what it came to. */
  | { readonly type: 'tool.given-up'; readonly tool: string; readonly ms: number };

/** Reports an event; must not throw and must not hold up the work. */
export type ReportEvent = (task: Task, event: TaskEvent) => void;
