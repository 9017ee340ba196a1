import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import type { ListedTask } from '#cli/load/tally.ts';
import type { Work } from '#cli/load/system-load.ts';
import type { LoadRequest } from '#cli/load/system-load.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { Result } from '../load/judge.ts';
import { prepareLoadTest, type ShopTableClient } from '../load/load-test.ts';
import { judgedFacts, judgedViolations } from './judged.ts';
import { supportOutputs } from './outputs.ts';

const rawSchema = z.object({ shopTable: z.string().min(1).optional() });

/** `fleet load` for the support agent: customers' messages, after their data was added to the shop. */
export async function loadWork({ id, options, raw, tasks, running }: LoadRequest): Promise<Work> {
  const { shopTable } = rawSchema.parse(raw);
  const shop = shopOf(shopTable, running);
  const seconds = options.duration / 1_000;
  // A few more messages than tasks, since threads are never cut.
  const volume = { rate: (tasks * 1.1 + 10) / seconds };
  const loadTest = prepareLoadTest({ id, seed: options.seed, now: Date.now(), volume, seconds, curve: 'even' });
  const messages = loadTest.arrivals.map(({ message }) => message);
  await loadTest.fill(shop);
  const sent = new Set<string>();
  return {
    of(nth) {
      const message = messages[nth];
      if (message === undefined) return undefined;
      sent.add(message.id);
      const { customerId, text, threadId: sessionId } = message;
      return { input: { customerId, text }, sessionId };
    },
    async judge(ended) {
      const results = [...ended].flatMap(([nth, task]) => resultOf(messages[Number(nth)]?.id, task));
      const judged = await loadTest.judge(shop, results, sent);
      return { report: { conversations: judged }, facts: judgedFacts(judged), violations: judgedViolations(judged) };
    },
    close: () => shop.client.destroy(),
  };
}

function resultOf(id: string | undefined, task: ListedTask): Result[] {
  if (id === undefined) return [];
  const { createdAt, finishedAt = '', spent } = task;
  // A list has no outputs. A task that succeeded was resolved, since the outcome "escalate" ends it as escalated.
  const status = task.status as Result['status'];
  const times = { acceptedAt: Date.parse(createdAt), endedAt: Date.parse(finishedAt) };
  return [{ id, status, output: undefined, ...times, usd: spent.usd }];
}

/** The shop of the fleet on this machine. For another fleet, the table must be given. */
function shopOf(shopTable: string | undefined, running: LoadRequest['running']): ShopTableClient {
  if (shopTable !== undefined) return { table: shopTable, client: new DynamoDBClient() };
  if (running !== null) {
    const { ShopTable: table } = supportOutputs(running.outputs);
    return { table, client: new DynamoDBClient(localClient(running.endpoint)) };
  }
  throw wrongUsage(
    'The load test must first add its customers to the support agent’s shop.',
    'Pass the table’s name with --shop-table (the output ShopTable of the support stack) and use AWS credentials, or pass --input-file.',
  );
}
