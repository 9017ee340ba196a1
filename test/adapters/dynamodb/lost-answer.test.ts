import { DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { stateTable, type StateTable } from '../../contract/local-services.ts';
import { sampleTask } from '../../contract/samples.ts';

const WRITES: ReadonlySet<string> = new Set(['PutItemCommand', 'UpdateItemCommand']);

/** A client that loses the response to its first write after `meanwhile`, so that the SDK repeats the write. */
function forgetful({ client }: StateTable, meanwhile: () => Promise<unknown> = async () => undefined): DynamoDBClient {
  const { config } = client;
  const copy = new DynamoDBClient({
    endpoint: config.endpoint ?? 'http://127.0.0.1',
    region: config.region,
    credentials: config.credentials,
    maxAttempts: 3,
  });
  let lost = false;
  copy.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (lost || !WRITES.has(commandName ?? '')) return answer;
        lost = true;
        await meanwhile();
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      },
    // Runs after the SDK's retry middleware, so it sees each attempt.
    { step: 'deserialize', priority: 'low', name: 'loseAnswer' },
  );
  return copy;
}

/** A client whose role may read and put, but not update. */
function withoutUpdates({ client }: StateTable): DynamoDBClient {
  const { endpoint = 'http://127.0.0.1', region, credentials } = client.config;
  const copy = new DynamoDBClient({ endpoint, region, credentials });
  copy.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'UpdateItemCommand') return next(args);
        const message = 'User is not authorized to perform: dynamodb:UpdateItem';
        throw new DynamoDBServiceException({ name: 'AccessDeniedException', message, $fault: 'client', $metadata: {} });
      },
    { step: 'initialize', name: 'deny' },
  );
  return copy;
}

describe('a write whose response is lost', () => {
  const at = stateTable();

  it('has created its task', async () => {
    const task = sampleTask();
    const store = dynamodbTaskStore({ ...at(), client: forgetful(at()) });
    expect(await store.create(task)).toEqual({ created: true, task });
  });

  it('has replaced its task, and success is not reported as a conflict', async () => {
    const task = sampleTask();
    await dynamodbTaskStore(at()).create(task);
    const store = dynamodbTaskStore({ ...at(), client: forgetful(at()) });
    expect(await store.replace({ ...task, version: 2, epoch: 1 })).toBe('replaced');
    expect((await store.get(task.id))?.version).toBe(2);
  });

  it('I2: is a conflict when another writer came in between', async () => {
    const task = sampleTask();
    const other = dynamodbTaskStore(at());
    await other.create(task);
    const client = forgetful(at(), () => other.replace({ ...task, version: 3, epoch: 9 }));
    const store = dynamodbTaskStore({ ...at(), client });
    expect(await store.replace({ ...task, version: 2, epoch: 1 })).toBe('conflict');
    expect((await store.get(task.id))?.epoch).toBe(9);
  });

  it('I2: replaces the item while the role may not update it yet, under the same condition', async () => {
    const task = sampleTask();
    const store = dynamodbTaskStore({ ...at(), client: withoutUpdates(at()) });
    await store.create(task);
    expect(await store.replace({ ...task, version: 2, epoch: 1 })).toBe('replaced');
    expect(await store.replace({ ...task, version: 2, epoch: 2 })).toBe('conflict');
    expect(await store.get(task.id)).toMatchObject({ version: 2, epoch: 1 });
  });

  it('is a plain conflict on the first attempt, without reading the item', async () => {
    const task = sampleTask();
    const { client, table } = at();
    const store = dynamodbTaskStore({ client, table });
    await store.create(task);
    const sent: string[] = [];
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          sent.push(commandName ?? '');
          return next(args);
        },
      { step: 'initialize', name: 'watch' },
    );
    expect(await store.replace({ ...task, version: 5 })).toBe('conflict');
    client.middlewareStack.remove('watch');
    expect(sent).toEqual(['UpdateItemCommand']);
  });
});
