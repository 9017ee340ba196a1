import { DeleteItemCommand, GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb, queried, type Item } from '#runtime/index.ts';
import type { Asked, AskedStore } from './asked.ts';

const KEPT_SECONDS = 8 * 86_400;
type Which = Pick<Asked, 'portfolio' | 'hour' | 'task'>;

/**
 * Tasks that analysts were asked for, in the system's table, below `FIND#<portfolio>#<hour>#TASKS`: `TASK#<task>` until it has
 * an outcome, then `ANSWERED#<task>`, which no digest reads. It is what a router finds that notes the task late, or again
 * after a crash: whoever asks looks for it after the write, and whoever answers writes it before the deletion.
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
  const keyOf = (of: Which, kind: 'TASK' | 'ANSWERED') => ({ pk: { S: pkOf(of) }, sk: { S: `${kind}#${of.task}` } });
  const set = async (of: Which, kind: 'TASK' | 'ANSWERED', values: Item): Promise<void> => {
    const all: Item = { ...values, expiresAt: { N: String(Date.parse(`${of.hour}:00:00Z`) / 1_000 + KEPT_SECONDS) } };
    const names = Object.keys(all);
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: keyOf(of, kind),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, all[name] ?? { NULL: true }])),
      }),
    );
  };
  const isAnswered = async (of: Which): Promise<boolean> => {
    const get = new GetItemCommand({ TableName: table, Key: keyOf(of, 'ANSWERED'), ConsistentRead: true });
    return (await client.send(get)).Item !== undefined;
  };
  return {
    async ask(asked) {
      if (await isAnswered(asked)) return;
      await set(asked, 'TASK', { eventAt: { N: String(asked.eventAt) }, deadline: { N: String(asked.deadline) } });
      // Answered meanwhile. A router may delete nothing, so the item stays until it expires.
      if (await isAnswered(asked)) await set(asked, 'TASK', ANSWERED);
    },
    async answer(of) {
      await set(of, 'ANSWERED', ANSWERED);
      await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(of, 'TASK') }));
    },
    async unanswered(portfolio, hour) {
      const query = {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :kind)',
        ExpressionAttributeValues: { ':pk': { S: pkOf({ portfolio, hour }) }, ':kind': { S: 'TASK#' } },
        ConsistentRead: true,
      };
      const asked: Asked[] = [];
      for await (const item of queried({ client, table }, query)) {
        // Releases before this one note the outcome here.
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

/** Also for a digest of an earlier release, which reads both kinds of items. */
const ANSWERED: Item = { answered: { BOOL: true } };
