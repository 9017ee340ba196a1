import type { EntryPlace } from '#core/audit/entry.ts';

/** All entries lie below it; rights on the trail are given by it. */
export const AUDIT_PREFIX = 'audit/';

/** Entries of a task lie together, so that a task is read without knowing on which days it ran. */
export const prefixOfTask = (taskId: string): string => `${AUDIT_PREFIX}${taskId}/`;

/**
 * `audit/<task id>/<when the task was accepted, ms>/<step>-<epoch>-<phase>.json`. The time keeps apart tasks that bear
 * one id, one after the other has expired from the state table.
 */
export const keyOfEntry = ({ taskId, createdAt, step, epoch, phase }: EntryPlace): string =>
  `${prefixOfTask(taskId)}${createdAt}/${step}-${epoch}-${phase}.json`;

const KEY = /^audit\/([^/]+)\/(\d+)\/(\d+)-(\d+)-(before|after)\.json$/;

/** The entry a key stands for; null for what no recorder writes. */
export function placeOfKey(key: string): EntryPlace | null {
  const [, taskId = '', createdAt, step, epoch, phase] = KEY.exec(key) ?? [];
  if (phase !== 'before' && phase !== 'after') return null;
  return { taskId, createdAt: Number(createdAt), step: Number(step), epoch: Number(epoch), phase };
}
