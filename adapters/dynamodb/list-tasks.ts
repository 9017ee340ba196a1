import type { ListedTask, TaskListing } from '#core/ports/task-store.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { idOfTaskKey, listSort, taskListKeys, timeOfListSort } from './state-table.ts';
import type { Table } from './conditional-put.ts';
import { listed, positionOf } from './listing.ts';
import { merge } from './merge.ts';
import type { Query } from './queried.ts';

/** Sorts after every timestamp. */
const END = '9';

/** Lists a tenant's tasks from the index `listing`, newest first, merged from all shards. */
export async function* listTasks(at: Table, listing: TaskListing): AsyncGenerator<ListedTask> {
  const span = spanOf(listing);
  // DynamoDB rejects a range that ends before it starts.
  if (span.before < span.from) return;
  const shards = taskListKeys(listing.tenant).map((key) => listed(at, queryOf(key, listing, span)));
  const { after } = listing;
  for await (const entry of merge(shards, (a, b) => (positionOf(a) < positionOf(b) ? 1 : -1))) {
    const position = positionOf(entry);
    // BETWEEN includes both ends.
    if (after && position === listSort(after.createdAt, after.id)) continue;
    yield { id: taskIdSchema.parse(idOfTaskKey(entry['pk']?.S ?? '')), createdAt: timeOfListSort(position) };
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
