import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb, queried, type Item } from '#runtime/index.ts';
import type { Asked, AskedStore } from './asked.ts';

const KEPT_SECONDS = 8 * 86_400;

/**
 * Tasks that analysts were asked for, in the system's table: `FIND#<portfolio>#<hour>#TASKS`, `TASK#<task>`, with attributes
 * of their own, since router and worker write them in either order.
 */
export function dynamodbAsked({
  table,
  client = dynamodb(),
}: {
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}): AskedStore {
  const pkOf = ({ portfolio, hour }: Pick<Asked, 'portfolio' | 'hour'>) => `FIND#${portfolio}#${hour}#TASKS`;
  const set = async (of: Pick<Asked, 'portfolio' | 'hour' | 'task'>, values: Item): Promise<void> => {
    const all: Item = { ...values, expiresAt: { N: String(Date.parse(`${of.hour}:00:00Z`) / 1_000 + KEPT_SECONDS) } };
    const names = Object.keys(all);
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: pkOf(of) }, sk: { S: `TASK#${of.task}` } },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, all[name] ?? { NULL: true }])),
      }),
    );
  };
  return {
    ask: (asked) => set(asked, { eventAt: { N: String(asked.eventAt) }, deadline: { N: String(asked.deadline) } }),
    answer: (of) => set(of, { answered: { BOOL: true } }),
    async unanswered(portfolio, hour) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pkOf({ portfolio, hour }) } },
        ConsistentRead: true,
      };
      const asked: Asked[] = [];
      for await (const item of queried({ client, table }, query)) {
        if (item['answered']?.BOOL === true) continue;
        asked.push({
          portfolio,
          hour,
          task: (item['sk']?.S ?? '').replace(/^TASK#/, ''),
          eventAt: Number(item['eventAt']?.N ?? 0),
          deadline: Number(item['deadline']?.N ?? 0),
        });
      }
      return asked;
    },
  };
}
