import { UpdateItemCommand, type DynamoDBClient, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import type { Asked } from '../../digests/asked.ts';
import { dynamodbAsked } from '../../digests/dynamodb-asked.ts';

const HOUR = '2026-11-27T14';

describe('tasks that analysts were asked for, in DynamoDB', () => {
  const table = stateTable();
  const asked = (portfolio: string, task: string): Asked => ({ portfolio, hour: HOUR, task, eventAt: 5, deadline: 9 });

  /** @param before called before each command is sent, with its name */
  function opened(before: (command: string) => Promise<void> = async () => undefined) {
    let read = 0;
    const { client, table: name } = table();
    const send = async (command: UpdateItemCommand): Promise<unknown> => {
      await before(command.constructor.name);
      const output = await client.send(command);
      read += (output as Partial<QueryCommandOutput>).ScannedCount ?? 0;
      return output;
    };
    const noting = Object.assign(Object.create(client) as DynamoDBClient, { send });
    const store = dynamodbAsked({ client: noting, table: name });
    const open = async (portfolio: string) => (await store.unanswered(portfolio, HOUR)).map(({ task }) => task);
    return { store, open, read: () => read };
  }

  it('are read until they have an outcome, and no longer', async () => {
    const { store, open, read } = opened();
    for (let each = 0; each < 10; each++) await store.ask(asked('tech', `${each}`));
    for (let each = 1; each < 10; each++) await store.answer(asked('tech', `${each}`));
    expect(await store.unanswered('tech', HOUR)).toEqual([asked('tech', '0')]);
    expect(read()).toBe(1);
    await store.answer(asked('tech', '0'));
    expect(await open('tech')).toEqual([]);
    expect(read()).toBe(1);
  });

  it.each([
    ['the answer comes first', ['answer', 'ask']],
    ['a router asks again', ['ask', 'answer', 'ask']],
    ['a worker answers again', ['ask', 'answer', 'answer']],
  ] as const)('stay answered when %s', async (name, acts) => {
    const { store, open, read } = opened();
    for (const act of acts) await store[act](asked(name, 'a'));
    expect(await open(name)).toEqual([]);
    expect(read()).toBe(0);
  });

  it.each([1, 2, 3])('stay answered when the answer comes within the question, before its call %i', async (at) => {
    const portfolio = `within-${at}`;
    let calls = 0;
    const { store, open } = opened(async () => {
      calls += 1;
      if (calls === at) await opened().store.answer(asked(portfolio, 'a'));
    });
    await store.ask(asked(portfolio, 'a'));
    expect(calls).toBeGreaterThanOrEqual(at === 1 ? 1 : 3);
    expect(await open(portfolio)).toEqual([]);
  });

  it('know the outcomes that a release before noted', async () => {
    const { client, table: TableName } = table();
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: `FIND#earlier#${HOUR}#TASKS` }, sk: { S: 'TASK#a' } },
        UpdateExpression: 'SET answered = :true',
        ExpressionAttributeValues: { ':true': { BOOL: true } },
      }),
    );
    const { store, open } = opened();
    await store.ask(asked('earlier', 'a'));
    expect(await open('earlier')).toEqual([]);
  });
});
