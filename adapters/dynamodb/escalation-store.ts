import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { escalationSchema, type Escalation } from '#core/escalations/escalation.ts';
import type { EscalationListing, EscalationStore } from '#core/ports/escalation-store.ts';
import { unlessUnreadable } from '#core/stored/record.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { isAt, listed } from './listing.ts';
import { parseBody } from './record.ts';
import { escalationKey, escalationListKey, idOfEscalationKey, listSort } from './state-table.ts';

export interface DynamodbEscalationStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Stores escalations in the state table. They never expire, because a task that waits for a person must not be lost. */
export function dynamodbEscalationStore(options: DynamodbEscalationStoreOptions): EscalationStore {
  const { table, client = dynamodb() } = options;
  const at: Table = { client, table };
  const get = async (id: TaskId): Promise<Escalation | null> => {
    const item = await readItem(at, keyOf(id));
    return item && parseBody(escalationSchema, item);
  };
  return {
    get,
    async create(escalation) {
      return (await conditionalPut(at, itemOf(escalation), ABSENT)) === 'written' ? 'created' : 'exists';
    },
    async replace(next) {
      const outcome = await writeVersion(at, itemOf(next), next.version);
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
    list: (listing) => list(at, get, listing),
  };
}

async function* list(
  at: Table,
  get: EscalationStore['get'],
  { tenant, status, after }: EscalationListing,
): AsyncGenerator<Escalation> {
  const entries = listed(at, {
    KeyConditionExpression: 'listKey = :key AND listSort > :after',
    ExpressionAttributeValues: {
      ':key': { S: escalationListKey(tenant, status) },
      ':after': { S: after ? listSort(after.createdAt, after.id) : listSort(0) },
    },
  });
  for await (const entry of entries) {
    const id = taskIdSchema.parse(idOfEscalationKey(entry['pk']?.S ?? ''));
    const escalation = await unlessUnreadable(get(id), null);
    // The index is eventually consistent, so the escalation may have been answered just now.
    if (escalation && statusOf(escalation) === status && isAt(entry, escalation)) yield escalation;
  }
}

const statusOf = ({ state }: Escalation): EscalationListing['status'] =>
  state.status === 'answered' ? 'answered' : 'waiting';

function keyOf(id: TaskId): Item {
  const { pk, sk } = escalationKey(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

function itemOf(escalation: Escalation): Item {
  const { id, tenant, createdAt, version } = escalation;
  return {
    ...keyOf(id),
    version: { N: String(version) },
    listKey: { S: escalationListKey(tenant, statusOf(escalation)) },
    listSort: { S: listSort(createdAt, id) },
    body: toBody(escalation, `Escalation ${id}`),
  };
}
