import type { EntryPlace } from '#core/audit/entry.ts';

/** Prefix of all entries. Permissions on the trail are granted by this prefix. */
export const AUDIT_PREFIX = 'audit/';

/** Entries of a task share a prefix, so a task can be read without knowing the days on which it ran. */
export const prefixOfTask = (taskId: string): string => `${AUDIT_PREFIX}${taskId}/`;

/**
 * `audit/<task id>/<when the task was accepted, ms>/<step>-<epoch>-<phase>.json`. The time separates tasks with the same
 * id, which can occur after the first has expired from the state table.
 */
export const keyOfEntry = ({ taskId, createdAt, step, epoch, phase }: EntryPlace): string =>
  `${prefixOfTask(taskId)}${createdAt}/${step}-${epoch}-${phase}.json`;

const KEY = /^audit\/([^/]+)\/(\d+)\/(\d+)-(\d+)-(before|after)\.json$/;

/** Parses the key of an entry. Null for any other key. */
export function placeOfKey(key: string): EntryPlace | null {
  const [, taskId = '', createdAt, step, epoch, phase] = KEY.exec(key) ?? [];
  if (phase !== 'before' && phase !== 'after') return null;
  return { taskId, createdAt: Number(createdAt), step: Number(step), epoch: Number(epoch), phase };
}
