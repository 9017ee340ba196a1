import type { EndedTask } from '#client/index.ts';
import type { PlannedTask } from './plan.ts';

/** How a caller saw a task end. */
export interface SeenEnd {
  /** `caller`, or the region that was asked at the end. */
  readonly by: string;
  readonly status: string;
  readonly finishedAt: string | undefined;
  /** Absent where a list was read, which has no outputs. */
  readonly output?: string;
}

/** What a caller knows of one of its tasks. Times are milliseconds since 1970. */
export interface Entry {
  readonly task: PlannedTask;
  sentAt: number;
  acceptedAt: number | undefined;
  id: string | undefined;
  /** When the caller saw the end. */
  endedAt: number | undefined;
  readonly ends: SeenEnd[];
  /** Requests that failed although the client had retried them. */
  readonly failures: string[];
}

/** The callers' own books: what was sent, accepted and ended, as they saw it from outside. */
export class Books {
  readonly entries: Entry[] = [];

  open(task: PlannedTask): Entry {
    const entry: Entry = {
      task,
      sentAt: Date.now(),
      acceptedAt: undefined,
      id: undefined,
      endedAt: undefined,
      ends: [],
      failures: [],
    };
    this.entries.push(entry);
    return entry;
  }

  get accepted(): readonly (Entry & { readonly id: string; readonly acceptedAt: number })[] {
    return this.entries.filter((entry): entry is Entry & { id: string; acceptedAt: number } => entry.id !== undefined);
  }

  get ended(): number {
    return this.entries.filter(({ ends }) => ends.length > 0).length;
  }
}

/** An end as a caller saw it. */
export const endOf = ({ status, finishedAt, output }: EndedTask, by: string): SeenEnd => ({
  by,
  status,
  finishedAt,
  ...(output !== undefined && { output: JSON.stringify(output) }),
});
