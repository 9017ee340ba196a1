import { FleetError } from '#client/fleet-error.ts';
import { storeOf } from './store.ts';

/** What an action led to, above the page until a person dismisses it. */
export interface Notice {
  readonly id: number;
  readonly type: 'success' | 'error' | 'info' | 'warning';
  readonly text: string;
  /** A command that undoes it, or shows more. */
  readonly command?: string | undefined;
}

const MAX_NOTICES = 5;
export const notices = storeOf<readonly Notice[]>([]);
let last = 0;

export function notify(notice: Omit<Notice, 'id'>): void {
  last += 1;
  notices.set([{ id: last, ...notice }, ...notices.get()].slice(0, MAX_NOTICES));
}

export const dismiss = (id: number): void => notices.set(notices.get().filter((notice) => notice.id !== id));

/** What is wrong, then what to do. */
export function reasonOf(error: unknown): string {
  if (error instanceof FleetError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
