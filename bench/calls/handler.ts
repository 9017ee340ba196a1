import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { dynamodb } from '#adapters/dynamodb/client.ts';
import { sqs } from '#adapters/sqs/client.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';

const eventSchema = z.object({
  first: z.int(),
  rounds: z.int(),
  atOnce: z.int(),
  table: z.string(),
  queueUrl: z.string(),
});

/** About the size of a task's item. */
const BODY = 'x'.repeat(1_500);

/** Makes the calls of `CALLS_A_ROUND` per round: a conditional put, a read, a conditional update and a message. */
export const handler = async (event: unknown): Promise<object> => {
  const { first, rounds, atOnce, table, queueUrl } = eventSchema.parse(event);
  await inParallel(
    Array.from({ length: rounds }, (_, round) => round),
    (round) => callAll(`task#${first + round}`, table, queueUrl),
    atOnce,
  );
  return { rounds };
};

async function callAll(id: string, TableName: string, QueueUrl: string): Promise<void> {
  const Key = { pk: { S: id }, sk: { S: 'task' } };
  await dynamodb().send(
    new PutItemCommand({
      TableName,
      Item: { ...Key, version: { N: '1' }, status: { S: 'queued' }, body: { S: BODY } },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  await dynamodb().send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  await dynamodb().send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET #version = :next, #status = :status',
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version', '#status': 'status' },
      ExpressionAttributeValues: { ':version': { N: '1' }, ':next': { N: '2' }, ':status': { S: 'running' } },
    }),
  );
  await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ type: 'task', taskId: id }) }));
}
