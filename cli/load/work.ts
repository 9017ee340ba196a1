import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Judged, Result } from '#systems/support/load/judge.ts';
import type { Target } from '../api/target.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import type { ShopPlace, SupportSystem } from '../system.ts';
import { wrongUsage } from '../user-error.ts';
import type { LoadOptions } from './options.ts';
import type { ListedTask } from './tally.ts';

/** What the tasks of a load test are to do. */
export interface Work {
  /** The nth task's part of its body; undefined when there is no more. */
  of(nth: number): Readonly<Record<string, unknown>> | undefined;
  /** What is known of the tasks, held against their ends by number; absent where nothing is. */
  judge?(ended: ReadonlyMap<string, ListedTask>): Promise<Judged>;
  close(): void;
}

/** An instruction or an input that all have, or for the support agent the messages of customers, whose shop is filled first. */
export async function workOf(
  id: string,
  target: Target,
  options: LoadOptions,
  support: SupportSystem,
  tasks: number,
): Promise<Work> {
  const { work, agent } = options;
  if (work !== null) return { of: () => work, close: () => undefined };
  if (agent !== support.agent) return { of: () => ({ instruction: 'What is 6 times 7?' }), close: () => undefined };
  return conversations(id, shopOf(target, options), options, support, tasks);
}

async function conversations(
  id: string,
  shop: ShopPlace,
  { seed, duration }: LoadOptions,
  support: SupportSystem,
  tasks: number,
): Promise<Work> {
  const seconds = duration / 1_000;
  // A few more than tasks, since threads are whole.
  const volume = { rate: (tasks * 1.1 + 10) / seconds };
  const rehearsal = support.rehearse({ id, seed, now: Date.now(), volume, seconds, curve: 'even' });
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
    judge: (ended) => {
      const results = [...ended].flatMap(([nth, task]) => resultOf(messages[Number(nth)]?.id, task));
      return rehearsal.judge(shop, results, sent);
    },
    close: () => shop.client.destroy(),
  };
}

function resultOf(id: string | undefined, task: ListedTask): Result[] {
  if (id === undefined) return [];
  const { createdAt, finishedAt = '', spent } = task;
  // A list shows no outputs: what succeeded was resolved, since the agent's word "escalate" makes the status.
  const status = task.status as Result['status'];
  const times = { acceptedAt: Date.parse(createdAt), endedAt: Date.parse(finishedAt) };
  return [{ id, status, output: undefined, ...times, usd: spent.usd }];
}

/** The shop of the fleet that runs here; elsewhere the table must be named. */
function shopOf({ url }: Target, { shopTable }: LoadOptions): ShopPlace {
  const running = findRunningFleet();
  if (shopTable === undefined && running?.support && running.api.url === url) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new DynamoDBClient({ endpoint: running.endpoint, region: 'us-east-1', credentials });
    return { table: running.support.ShopTable, client };
  }
  if (shopTable !== undefined) return { table: shopTable, client: new DynamoDBClient() };
  throw wrongUsage(
    'The support agent’s customers must be in its shop.',
    'Name the table by --shop-table, the output ShopTable of the support stack, with AWS credentials; or give --input-file.',
  );
}
