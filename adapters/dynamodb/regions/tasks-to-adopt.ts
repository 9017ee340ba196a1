import { CANARY } from '#core/regions/canary.ts';
import { epochOfKey } from '#core/regions/epoch.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { byAttention } from '../attention.ts';
import type { Table } from '../conditional-put.ts';
import { attentionShards, economyShards, idOfTaskKey } from '../state-table.ts';

/**
 * Tasks of a home that have not ended, and that the newest entry in this region's index shows under an epoch before this
 * one. Eventually consistent: what arrives later is found by the next call. Canaries belong to their region and to no home.
 * @param home the home's name as indexes carry it
 */
export async function tasksToAdopt(
  at: Table,
  agents: readonly string[],
  home: string,
  epoch: number,
): Promise<readonly TaskId[]> {
  const newest = new Map<string, number>();
  const shards = agents.flatMap((agent) =>
    agent === CANARY ? [] : [...attentionShards(agent, home), ...economyShards(agent, home)],
  );
  for await (const { pk, sk } of byAttention(at, shards)) {
    const key = pk?.S ?? '';
    newest.set(key, Math.max(newest.get(key) ?? -1, epochOfKey(sk?.S ?? '')));
  }
  return [...newest].flatMap(([key, by]) => (by < epoch ? [taskIdSchema.parse(idOfTaskKey(key))] : []));
}
