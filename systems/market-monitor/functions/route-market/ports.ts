import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { apiPorts, dynamodb } from '#runtime/index.ts';
import { dynamodbAsked } from '../../digests/dynamodb-asked.ts';
import { dynamodbDigests, dynamodbFindings } from '../../digests/dynamodb-digests.ts';
import type { MarketPorts } from '../../router/app.ts';
import { watchersIn } from '../../router/portfolios.ts';
import type { Tally } from '../../router/tally.ts';
import { dynamodbWindows } from '../../windows/dynamodb-windows.ts';
import { alertPorts } from '../alert-ports.ts';
import type { RouteMarketEnv } from './env.ts';

/**
 * The ports of the router's app on AWS.
 * @param publish routes the events that the app makes itself
 */
export function marketPorts(env: RouteMarketEnv, tally: Tally, publish: MarketPorts['publish']): MarketPorts {
  const table = { client: dynamodb(), table: env.MARKET_TABLE };
  return {
    watchers: watchersIn(table),
    alerts: alertPorts(table, env.DELIVERY_QUEUE_URL),
    records: { findings: dynamodbFindings(table), digests: dynamodbDigests(table) },
    tally,
    explain: {
      ...apiPorts(env),
      queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
      windows: dynamodbWindows(table),
      asked: dynamodbAsked(table),
      tenant: env.TENANT,
    },
    publish,
  };
}
