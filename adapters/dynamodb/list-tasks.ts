import type { TaskListing } from '../../core/ports/task-store.ts';
import { taskIdSchema, type TaskId } from '../../core/tasks/task.ts';
import { idOfTaskKey, listSort, taskListKeys } from '../state-table.ts';
import type { Item, Table } from './conditional-put.ts';
import { merge } from './merge.ts';
import { queried, type Query } from './queried.ts';

/** Sorts after every time. */
const END = '9';

/** A tenant's tasks by the index `listing`, newest first, all shards brought together. */
export async function* listTasks(at: Table, listing: TaskListing): AsyncGenerator<TaskId> {
  const shards = taskListKeys(listing.tenant).map((key) => queried(at, queryOf(key, listing)));
  const sortOf = (item: Item): string => item['listSort']?.S ?? '';
  for await (const item of merge(shards, (a, b) => (sortOf(a) < sortOf(b) ? 1 : -1))) {
    const id = taskIdSchema.parse(idOfTaskKey(item['pk']?.S ?? ''));
    // BETWEEN is closed at both ends.
    if (id !== listing.after?.id) yield id;
  }
}

function queryOf(key: string, { from = 0, to, after, agent, sessionId, runId }: TaskListing): Query {
  const before = [
    to === undefined ? END : listSort(to),
    after ? listSort(after.createdAt, after.id) : END,
  ].toSorted()[0];
  const wanted = Object.entries({ agent, sessionId, runId }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    IndexName: 'listing',
    KeyConditionExpression: 'listKey = :key AND listSort BETWEEN :from AND :before',
    ...(wanted.length === 0
      ? {}
      : {
          FilterExpression: wanted.map(([name]) => `#${name} = :${name}`).join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(wanted.map(([name]) => [`#${name}`, name])),
        }),
    ExpressionAttributeValues: {
      ':key': { S: key },
      ':from': { S: listSort(from) },
      ':before': { S: before ?? END },
      ...Object.fromEntries(wanted.map(([name, value]) => [`:${name}`, { S: value }])),
    },
    ScanIndexForward: false,
  };
}
