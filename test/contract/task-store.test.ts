import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { readItem } from '#adapters/dynamodb/conditional-put.ts';
import { taskKey } from '#adapters/dynamodb/state-table.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { inMemoryTaskStore } from '../support/fakes/in-memory-task-store.ts';
import { stateTable } from './local-services.ts';
import { freshId, NOW, sampleTask, succeeded } from './samples.ts';
import { taskStoreContract } from './task-store.contract.ts';

describe('task store in memory', () => {
  taskStoreContract((agents) => inMemoryTaskStore(agents));
});

/** A client whose queries have pages of two items, and whose batches leave half of the keys unprocessed. */
function sparing(client: DynamoDBClient): DynamoDBClient {
  const { endpoint, credentials, region } = client.config;
  const own = new DynamoDBClient({ credentials, region, ...(endpoint && { endpoint }) });
  own.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'QueryCommand') return next({ ...args, input: { ...args.input, Limit: 2 } });
        return commandName === 'BatchGetItemCommand' ? halved(next, args) : next(args);
      },
    { step: 'initialize', name: 'sparing' },
  );
  return own;
}

interface BatchGet {
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly unknown[] }>>;
}

/** Processes half of the keys of one table, at least one of them, and returns the others as unprocessed. */
async function halved<Args extends { readonly input: object }, Output extends { readonly output: object }>(
  next: (args: Args) => Promise<Output>,
  args: Args,
): Promise<Output> {
  const input: BatchGet = args.input;
  const [[table, request] = ['', { Keys: [] }]] = Object.entries(input.RequestItems ?? {});
  const keys = request.Keys ?? [];
  const most = Math.max(1, Math.floor(keys.length / 2));
  const asked = { ...args, input: { ...input, RequestItems: { [table]: { ...request, Keys: keys.slice(0, most) } } } };
  const answer = await next(asked);
  const left = keys.slice(most);
  const UnprocessedKeys = left.length === 0 ? {} : { [table]: { ...request, Keys: left } };
  return { ...answer, output: { ...answer.output, UnprocessedKeys } };
}

describe('task store in DynamoDB', () => {
  const at = stateTable();
  const clients = new Map<DynamoDBClient, DynamoDBClient>();
  const client = (): DynamoDBClient => {
    const own = clients.get(at().client) ?? sparing(at().client);
    clients.set(at().client, own);
    return own;
  };
  taskStoreContract((agents) => dynamodbTaskStore({ table: at().table, client: client(), agents }));

  describe('that reads together', () => {
    taskStoreContract((agents) =>
      dynamodbTaskStore({ table: at().table, client: client(), agents, readsTogether: true }),
    );
  });

  it('keeps a task until it ends, and then for its days: the time to live is in seconds', async () => {
    const store = dynamodbTaskStore({ ...at(), retentionDays: 30 });
    const task = sampleTask({ id: freshId() });
    const { pk, sk } = taskKey(task.id);
    const expiry = async () => (await readItem(at(), { pk: { S: pk }, sk: { S: sk } }))?.['expiresAt']?.N;
    await store.create(task);
    expect(await expiry()).toBeUndefined();
    await store.replace({ ...task, version: 2, state: succeeded(NOW) });
    expect(Number(await expiry())).toBe(NOW / 1_000 + 30 * 86_400);
  });
});
