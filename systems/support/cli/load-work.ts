import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import type { ListedTask } from '#cli/load/tally.ts';
import type { Work } from '#cli/load/work.ts';
import type { LoadRequest } from '#cli/system.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { Result } from '../load/judge.ts';
import { rehearse, type ShopTableClient } from '../load/rehearse.ts';
import { judgedWords, judgedWrongs } from './judged.ts';
import { supportOutputs } from './outputs.ts';

const rawSchema = z.object({ shopTable: z.string().min(1).optional() });

/** `fleet load` for the support agent: messages of customers, whose shop is filled first. */
export async function loadWork({ id, options, raw, tasks, running }: LoadRequest): Promise<Work> {
  const { shopTable } = rawSchema.parse(raw);
  const shop = shopOf(shopTable, running);
  const seconds = options.duration / 1_000;
  // A few more than tasks, since threads are whole.
  const volume = { rate: (tasks * 1.1 + 10) / seconds };
  const rehearsal = rehearse({ id, seed: options.seed, now: Date.now(), volume, seconds, curve: 'even' });
  const messages = rehearsal.arrivals.map(({ message }) => message);
  await rehearsal.fill(shop);
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
      const judged = await rehearsal.judge(shop, results, sent);
      return { report: { conversations: judged }, facts: judgedWords(judged), violations: judgedWrongs(judged) };
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

/** The shop of the fleet on this machine; for another fleet the table must be named. */
function shopOf(shopTable: string | undefined, running: LoadRequest['running']): ShopTableClient {
  if (shopTable !== undefined) return { table: shopTable, client: new DynamoDBClient() };
  if (running !== null) {
    const { ShopTable: table } = supportOutputs(running.outputs);
    return { table, client: new DynamoDBClient(localClient(running.endpoint)) };
  }
  throw wrongUsage(
    'The support agent’s customers must be in its shop.',
    'Name the table with --shop-table (the output ShopTable of the support stack, with AWS credentials), or give --input-file.',
  );
}
