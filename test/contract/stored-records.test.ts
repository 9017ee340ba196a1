import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { readItem, type Item } from '#adapters/dynamodb/conditional-put.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbGovernorStore } from '#adapters/dynamodb/governor-store.ts';
import { fromBody } from '#adapters/dynamodb/item-body.ts';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { unreadableRecords } from '#adapters/dynamodb/record.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import * as keys from '#adapters/dynamodb/state-table.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUploadStore } from '#adapters/dynamodb/upload-store.ts';
import { storedScopes } from '#core/keys/key.ts';
import { newPace } from '#core/governor/pace.ts';
import { healthyPool } from '#core/pools/pool.ts';
import { DEFAULT_SESSION_POLICY, newSession } from '#core/sessions/session.ts';
import { UnreadableRecord } from '#core/stored/record.ts';
import { newUpload } from '#core/uploads/upload.ts';
import { planted, plantsIn } from '../core/stored/planted.ts';
import { stateTable, type StateTable } from './local-services.ts';
import { collect, freshId, NOW, sampleEscalation, sampleModelStep, sampleTask, succeeded } from './samples.ts';

type Key = { readonly pk: string; readonly sk: string };
const itemKey = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

/** A record that is stored, read, and written again: its item, its first version, and the store that does so. */
interface Stored {
  readonly key: Key;
  readonly create: (at: StateTable) => Promise<unknown>;
  /** Reads the record and writes it again, one version later where it has versions. */
  readonly rewrite: (at: StateTable) => Promise<unknown>;
}

const id = freshId();
const ended = sampleTask({ id, runId: 'run-1', state: succeeded(NOW) });
const escalation = sampleEscalation({ id });
const upload = newUpload(id);
const batch = {
  id: `batch-${id}`,
  agent: 'a',
  begunAt: NOW,
  version: 1,
  entries: [{ taskId: id, customId: 'c', model: 'm' }],
  state: { status: 'made', providerId: 'p', seenAt: NOW },
} as const;
const session = { ...newSession('acme', id, DEFAULT_SESSION_POLICY), version: 1, waiting: [id] };
const pool = { ...healthyPool(id), version: 1 };
const pace = { ...newPace(id), version: 1 };
const permits = { tenant: id, version: 1, holders: { [id]: 1 } };

const next = <Value extends { readonly version: number }>(value: Value | null): Value => {
  if (!value) throw new Error('The record is gone.');
  return { ...value, version: value.version + 1 };
};

const RECORDS: Readonly<Record<string, Stored>> = {
  task: {
    key: keys.taskKey(id),
    create: (at) => dynamodbTaskStore(at).create(planted(ended)),
    async rewrite(at) {
      const store = dynamodbTaskStore(at);
      return store.replace(next(await store.get(id)));
    },
  },
  escalation: {
    key: keys.escalationKey(id),
    create: (at) => dynamodbEscalationStore(at).create(planted(escalation)),
    async rewrite(at) {
      const store = dynamodbEscalationStore(at);
      return store.replace(next(await store.get(id)));
    },
  },
  upload: {
    key: keys.uploadKey(id),
    create: (at) => dynamodbUploadStore(at).create(planted(upload)),
    async rewrite(at) {
      const store = dynamodbUploadStore(at);
      return store.replace(next(await store.get(id)));
    },
  },
  batch: {
    key: keys.batchKey(batch.id),
    create: (at) => dynamodbBatchStore(at).create(planted({ ...batch, entries: [...batch.entries] })),
    async rewrite(at) {
      const store = dynamodbBatchStore(at);
      return store.replace(next(await store.get(batch.id)));
    },
  },
  session: {
    key: keys.sessionKey('acme', id),
    create: (at) => dynamodbSessionStore(at).write(planted(session)),
    async rewrite(at) {
      const store = dynamodbSessionStore(at);
      return store.write(next(await store.get('acme', id)));
    },
  },
  pool: {
    key: keys.poolKey(id),
    create: (at) => dynamodbPoolStore(at).write(planted(pool)),
    async rewrite(at) {
      const store = dynamodbPoolStore(at);
      return store.write(next(await store.get(id)));
    },
  },
  pace: {
    key: keys.governorKey(id),
    create: (at) => dynamodbGovernorStore(at).replace(planted(pace)),
    async rewrite(at) {
      const store = dynamodbGovernorStore(at);
      return store.replace(next(await store.read(id)));
    },
  },
  permits: {
    key: keys.permitsKey(id),
    create: (at) => dynamodbPermitStore(at).write(planted(permits)),
    async rewrite(at) {
      const store = dynamodbPermitStore(at);
      return store.write(next(await store.get(id)));
    },
  },
  limits: {
    key: keys.limitsKey(id),
    create: (at) => dynamodbLimits(at).setTenant(id, planted({ dayUsd: 1 })),
    async rewrite(at) {
      const limits = dynamodbLimits(at);
      return limits.setTenant(id, { ...(await limits.ofTenant(id)), dayUsd: 2 });
    },
  },
};

describe('R1: what a newer release wrote survives a read and a write', () => {
  const at = stateTable();

  it.each(Object.entries(RECORDS))('of a %s: fields on every level, and attributes of the item', async (_, stored) => {
    await stored.create(at());
    const key = itemKey(stored.key);
    const before = plantsIn(fromBody((await readItem(at(), key))?.['body']));
    expect(before).toContain('record');
    await at().client.send(
      new UpdateItemCommand({
        TableName: at().table,
        Key: key,
        UpdateExpression: 'SET laterAttribute = :later',
        ExpressionAttributeValues: { ':later': { S: 'kept' } },
      }),
    );
    expect(await stored.rewrite(at())).not.toBe('conflict');
    const item = await readItem(at(), key);
    expect(plantsIn(fromBody(item?.['body']))).toEqual(before);
    expect(item?.['laterAttribute']).toEqual({ S: 'kept' });
  });

  it('but an attribute that this release knows goes with the state that it belonged to', async () => {
    const task = sampleTask();
    const store = dynamodbTaskStore(at());
    await store.create(task);
    await store.replace({ ...task, version: 2, state: succeeded(NOW, {}, true) });
    const item = (await readItem(at(), itemKey(keys.taskKey(task.id)))) ?? {};
    expect(Object.keys(item)).not.toContain('attentionShard');
    expect(Object.keys(item)).toContain('expiresAt');
  });
});

describe('R2, R3: a record that this release cannot read', () => {
  const at = stateTable();

  /** Replaces the body of an item by one of a newer release. */
  async function makeUnreadable(key: Key, change: object): Promise<void> {
    const item = (await readItem(at(), itemKey(key))) ?? {};
    const body = JSON.stringify({ ...(fromBody(item['body']) as object), ...change });
    await at().client.send(new PutItemCommand({ TableName: at().table, Item: { ...item, body: { S: body } } }));
  }
  const newerState = { state: { status: 'suspended', since: NOW } };

  it.each(Object.entries(RECORDS))('is not changed: %s', async (_, stored) => {
    await stored.create(at());
    await makeUnreadable(stored.key, { schema: 2 });
    const before = await readItem(at(), itemKey(stored.key));
    await expect(stored.rewrite(at())).rejects.toThrow(UnreadableRecord);
    expect(await readItem(at(), itemKey(stored.key))).toEqual(before);
  });

  it('is published by its name and fields, without a value', async () => {
    const task = sampleTask({ input: 'a secret' });
    const store = dynamodbTaskStore(at());
    await store.create(task);
    await makeUnreadable(keys.taskKey(task.id), newerState);
    const told: unknown[] = [];
    const listen = (error: unknown): void => void told.push(error);
    unreadableRecords.subscribe(listen);
    await store.getMany([task.id]);
    unreadableRecords.unsubscribe(listen);
    expect(told).toMatchObject([
      { record: `The item TASK#${task.id}, TASK`, why: expect.stringContaining('state.status') },
    ]);
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it('is left out of a read of many tasks, which names it', async () => {
    const store = dynamodbTaskStore(at());
    const [good, newer] = [sampleTask(), sampleTask()];
    for (const task of [good, newer]) await store.create(task);
    await makeUnreadable(keys.taskKey(newer.id), newerState);
    const unreadable: string[] = [];
    expect(await store.getMany([newer.id, good.id], (each) => unreadable.push(each))).toEqual([good]);
    expect(unreadable).toEqual([newer.id]);
  });

  it('is left out of a view of a task’s steps, but a worker does not go on without it', async () => {
    const store = dynamodbTaskStore(at());
    const taskId = freshId();
    const steps = [0, 1].map((index) => sampleModelStep({ taskId, index }));
    for (const step of steps) await store.putStep(step);
    await makeUnreadable(keys.stepKey(taskId, 1, 1), { kind: 'audio' });
    expect(await store.steps(taskId, 'skip')).toEqual([steps[0]]);
    await expect(store.steps(taskId)).rejects.toThrow(UnreadableRecord);
  });

  it('is left out of the list of runs', async () => {
    const store = dynamodbRunStore(at());
    const run = (name: string, createdAt: number) => ({ id: name, tenant: 't', createdAt, size: 1, digest: 'd' });
    for (const [index, name] of ['a', 'b', 'c'].entries()) await store.create(run(name, NOW + index));
    await makeUnreadable(keys.runItemKey('t', 'b'), { size: 'large' });
    expect((await collect(store.list('t', undefined))).map((each) => each.id)).toEqual(['c', 'a']);
  });

  it('is left out of the list of escalations', async () => {
    const store = dynamodbEscalationStore(at());
    const waiting = [1, 2, 3].map((index) => sampleEscalation({ tenant: 't', createdAt: NOW + index }));
    for (const each of waiting) await store.create(each);
    const [first, newer, last] = waiting.map((each) => each.id);
    if (!newer) throw new Error('There are three.');
    await makeUnreadable(keys.escalationKey(newer), { state: { status: 'delegated' } });
    expect((await collect(store.list({ tenant: 't', status: 'waiting' }))).map((each) => each.id)).toEqual([
      first,
      last,
    ]);
  });

  it('is left out of the list of keys; a scope of a newer release grants nothing', async () => {
    const store = dynamodbKeyStore(at());
    const key = { name: 'n', tenant: 't', scopes: ['read' as const], agents: null, createdAt: NOW };
    const hashes = ['a', 'b'].map((letter) => letter.repeat(64));
    for (const hash of hashes) await store.create({ ...key, hash });
    const [good = '', newer = ''] = hashes;
    await makeUnreadable(keys.apiKeyKey(good), { scopes: ['read', 'audit'] });
    await makeUnreadable(keys.apiKeyKey(newer), { schema: 2 });
    expect((await collect(store.list())).map(({ hash, scopes }) => [hash, scopes])).toEqual([[good, ['read']]]);
  });

  it('is left out of a run’s finished tasks', async () => {
    const store = dynamodbTaskStore(at());
    const tasks = [sampleTask(), sampleTask()].map((task) => ({ ...task, runId: 'newer', state: succeeded(NOW) }));
    for (const task of tasks) await store.create(task);
    const [good, newer] = tasks.map((task) => task.id);
    if (!newer) throw new Error('There are two.');
    await at().client.send(
      new UpdateItemCommand({
        TableName: at().table,
        Key: itemKey(keys.taskKey(newer)),
        UpdateExpression: 'SET #status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': { S: 'delegated' } },
      }),
    );
    expect((await collect(store.finishedInRun('newer', 0))).map((each) => each.id)).toEqual([good]);
  });
});

describe('a stored key', () => {
  const at = stateTable();

  it('stays revoked when its scopes change', async () => {
    const store = dynamodbKeyStore(at());
    const key = { hash: 'c'.repeat(64), name: 'n', tenant: 't', agents: null, createdAt: NOW };
    await store.create({ ...key, scopes: ['operate'] });
    await store.replace({ ...key, ...storedScopes(['operate', 'fleet']) });
    expect(await store.get(key.hash)).toMatchObject({ scopes: ['operate'], fleetWide: true });
    await store.revoke(key.hash, NOW + 1);
    await store.replace({ ...key, scopes: ['read'] });
    expect(await store.get(key.hash)).toMatchObject({ scopes: ['read'], revokedAt: NOW + 1 });
    await expect(store.replace({ ...key, hash: 'd'.repeat(64), scopes: [] })).rejects.toThrow('condition');
  });
});
