import type { Context } from 'aws-lambda';
import { dynamodb, parseEnv, routesOwnEvents, streamHandler, sweepStreamHandler } from '#runtime/index.ts';
import { dynamodbCounts } from '../../digests/dynamodb-digests.ts';
import { marketApp } from '../../router/app.ts';
import { Tally } from '../../router/tally.ts';
import { dynamodbSources } from '../../sources/store.ts';
import { routeMarketEnv } from './env.ts';
import { marketPorts } from './ports.ts';

const env = parseEnv(routeMarketEnv);
const tally = new Tally();
const app = marketApp(marketPorts(env, tally, (events) => publishOwn(events)));
const publishOwn = routesOwnEvents(app);
const table = { client: dynamodb(), table: env.MARKET_TABLE };
const [counts, sources] = [dynamodbCounts(table), dynamodbSources({ ...table, watched: env.WATCHED_SOURCES })];
const route = streamHandler(app);

/** The router of market events. */
export async function handler(event: unknown, context: Context): ReturnType<typeof route> {
  try {
    return await route(event, context);
  } finally {
    await tally.flush(counts, sources);
  }
}

/** Performs each minute what a router left behind. */
export const sweep = sweepStreamHandler(app);
