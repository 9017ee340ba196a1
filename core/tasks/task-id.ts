import { z } from 'zod';
import type { Ids } from '../ports/ids.ts';
import type { Parent } from './delegation.ts';

export const taskIdSchema = z.string().min(1).max(128).brand('TaskId');
export type TaskId = z.infer<typeof taskIdSchema>;

/** The id of a task without an idempotency key. It is like no other. */
export const newTaskId = (ids: Ids): TaskId => apiTaskId(ids.uuid());

/**
 * The id of a tenant's task for a key. It is the same in every region, so that a retry that reaches another region finds
 * the same task.
 */
export const keyedTaskId = (ids: Ids, tenant: string, key: string): TaskId =>
  apiTaskId(ids.digest(JSON.stringify([tenant, key])));

const apiTaskId = (unique: string): TaskId => taskIdSchema.parse(`task-${unique.replaceAll('-', '').slice(0, 32)}`);

/** What decides the id of a task for content, such as a document. */
export interface ContentIdentity {
  readonly tenant: string;
  readonly agent: string;
  readonly agentVersion: string;
  readonly key: string;
}

/**
 * The id of the task for content, which another version of the agent answers again. It is the same in every region and
 * for every redelivery. `generation` counts fresh starts after failures, since a terminal state is final (I1).
 */
export function contentTaskId(ids: Ids, from: ContentIdentity, generation: number): TaskId {
  const identity = [from.tenant, from.agent, from.agentVersion, from.key, generation];
  return taskIdSchema.parse(`${from.agent}-${ids.digest(JSON.stringify(identity)).slice(0, 32)}`);
}

/**
 * The id of a delegated task. It follows from the place in its parent's step, so that no crash makes it twice (I14), and it
 * has its parent's home.
 */
export function childTaskId(ids: Ids, agent: string, { id, step, index }: Omit<Parent, 'depth'>): TaskId {
  const digest = ids.digest(JSON.stringify(['delegated', id, step, index])).slice(0, 32);
  return taskIdSchema.parse(`${regionInFront(id)}${agent}-${digest}`);
}

/** What an id has in front in a global fleet: its home's name and a dot, as in `eu.task-1`. Empty for the first region. */
export const regionInFront = (id: string): string => /^[a-z]{2,8}\.(?=.)/.exec(id)?.[0] ?? '';
