import type { TaskListing } from '#core/ports/task-store.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { idOfTaskKey, listSort, taskListKeys } from './state-table.ts';
import type { Item, Table } from './conditional-put.ts';
import { merge } from './merge.ts';
import { queried, type Query } from './queried.ts';

/** Sorts after every timestamp. */
const END = '9';

/** Lists a tenant's tasks from the index `listing`, newest first, merged from all shards. */
export async function* listTasks(at: Table, listing: TaskListing): AsyncGenerator<TaskId> {
  const span = spanOf(listing);
  // DynamoDB rejects a range that ends before it starts.
  if (span.before < span.from) return;
  const shards = taskListKeys(listing.tenant).map((key) => queried(at, queryOf(key, listing, span)));
  const sortOf = (item: Item): string => item['listSort']?.S ?? '';
  for await (const item of merge(shards, (a, b) => (sortOf(a) < sortOf(b) ? 1 : -1))) {
    const id = taskIdSchema.parse(idOfTaskKey(item['pk']?.S ?? ''));
    // BETWEEN includes both ends.
    if (id !== listing.after?.id) yield id;
  }
}

interface Span {
  readonly from: string;
  readonly before: string;
}

function spanOf({ from = 0, to, after }: TaskListing): Span {
  const ends = [to === undefined ? END : listSort(to), after ? listSort(after.createdAt, after.id) : END];
  return { from: listSort(from), before: ends.toSorted()[0] ?? END };
}

function queryOf(key: string, { agent, sessionId, runId }: TaskListing, { from, before }: Span): Query {
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
      ':from': { S: from },
      ':before': { S: before },
      ...Object.fromEntries(wanted.map(([name, value]) => [`:${name}`, { S: value }])),
    },
    ScanIndexForward: false,
  };
}
