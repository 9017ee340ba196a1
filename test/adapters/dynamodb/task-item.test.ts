import { randomBytes } from 'node:crypto';
import { DescribeTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { stepItem, taskItem } from '#adapters/dynamodb/task-item.ts';
import { attentionShards, STATE_TABLE, stepKey, taskKey } from '#adapters/dynamodb/state-table.ts';
import { stateTable } from '../../contract/local-services.ts';
import { freshId, NOW, sampleTask, sampleToolStep, succeeded } from '../../contract/samples.ts';

const DAY_S = 86_400;

describe('a task as an item', () => {
  it('is in the attention index while work remains', () => {
    const item = taskItem(sampleTask(), 30);
    expect(item).toMatchObject({
      status: { S: 'queued' },
      version: { N: '1' },
      attentionAt: { N: String(NOW + 90_000) },
    });
    expect(attentionShards('contract-analyst')).toContain(item['attentionShard']?.S);
    const done = taskItem(sampleTask({ state: succeeded(NOW, {}, true) }), 30);
    expect(done).not.toHaveProperty('attentionShard');
    expect(done).not.toHaveProperty('attentionAt');
  });

  it('is in the run index after it ended, if it has a run', () => {
    const running = taskItem(sampleTask({ runId: 'run-1' }), 30);
    expect(running).not.toHaveProperty('runKey');
    const ended = taskItem(sampleTask({ runId: 'run-1', state: succeeded(NOW) }), 30);
    expect(ended['runKey']?.S).toMatch(/^RUN#run-1#[0-3]$/);
    expect(ended).toMatchObject({ finishedAt: { N: String(NOW) }, usd: { N: '0' }, tokens: { N: '0' } });
    expect(taskItem(sampleTask({ state: succeeded(NOW) }), 30)).not.toHaveProperty('runKey');
  });

  it('expires only after it ended, and its steps later', () => {
    expect(taskItem(sampleTask(), 30)).not.toHaveProperty('expiresAt');
    expect(taskItem(sampleTask({ state: succeeded(NOW) }), 30)['expiresAt']?.N).toBe(String(NOW / 1_000 + 30 * DAY_S));
    const step = sampleToolStep({ taskId: freshId(), endedAt: NOW });
    expect(stepItem(step, 30)['expiresAt']?.N).toBe(String(NOW / 1_000 + 60 * DAY_S));
  });

  it('is plain text while small, and compressed when it would cost another write unit', () => {
    expect(JSON.parse(taskItem(sampleTask(), 30)['body']?.S ?? '')).toMatchObject({ tenant: 'acme' });
    const long = taskItem(sampleTask({ input: 'a clause '.repeat(1_000) }), 30);
    expect(long['body']?.S).toBeUndefined();
    expect(long['body']?.B?.length).toBeLessThan(1_024);
  });

  it('that is too large for an item fails permanently, with the remedy', () => {
    // About as many task tokens as a state machine's documents of equal bytes may leave.
    const waiters = Array.from({ length: 700 }, () => randomBytes(675).toString('base64'));
    expect(() => taskItem(sampleTask({ waiters }), 30)).toThrow(/keep big data in the artifact bucket/);
  });

  it('spreads over the shards of its agent', () => {
    const shards = Array.from({ length: 400 }, () => taskItem(sampleTask(), 30)['attentionShard']?.S);
    for (const shard of attentionShards('contract-analyst')) {
      expect(shards.filter((used) => used === shard).length).toBeGreaterThan(50);
    }
  });
});

describe('keys', () => {
  it('sort steps by index, in the partition of their task', () => {
    const id = freshId();
    expect(stepKey(id, 7, 3)).toEqual({ pk: taskKey(id).pk, sk: 'STEP#0007#3' });
    expect([stepKey(id, 10, 1).sk, stepKey(id, 9, 12).sk].sort()).toEqual(['STEP#0009#12', 'STEP#0010#1']);
  });
});

describe('the table', () => {
  const at = stateTable();

  it('matches its definition', async () => {
    const { client, table } = at();
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual(
      Object.keys(STATE_TABLE.indexes).sort(),
    );
  });

  it('has one item per task, with its id in the key', async () => {
    const { client, table } = at();
    const task = sampleTask();
    await dynamodbTaskStore({ client, table }).create(task);
    const Key = { pk: { S: `TASK#${task.id}` }, sk: { S: 'TASK' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
    expect(Item?.['status']).toEqual({ S: 'queued' });
  });
});
