import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { s3 } from '#adapters/s3/client.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { dynamodb, logger, metrics, parseEnv, traced } from '#runtime/index.ts';
import { sweep } from '../../alerts/act.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { policies } from '../../alerts/policies.ts';
import { raise } from '../../alerts/raise.ts';
import { sqsDeliveries } from '../../alerts/sqs-deliveries.ts';
import { watchCalendar } from '../../calendar/watch-calendar.ts';
import { closeHours, closePlayed } from '../../digests/close-hours.ts';
import { dynamodbAsked } from '../../digests/dynamodb-asked.ts';
import { dynamodbCounts, dynamodbDigests, dynamodbFindings } from '../../digests/dynamodb-digests.ts';
import type { Digest } from '../../digests/digest.ts';
import type { Match } from '../../events/match.ts';
import { mailPorts } from '../../digests/mail-ports.ts';
import { DIGESTS_NOT_MAILED } from '../../digests/metric.ts';
import { mailDigest } from '../../digests/publish.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import type { PortfolioRecord } from '../../portfolios/record.ts';
import { NO_MAIL } from '../../portfolios/unmailed.ts';
import { stillHoldsIn } from '../../router/still-holds-in.ts';
import { dynamodbSources } from '../../sources/store.ts';
import { silentNames, watchSources } from '../../sources/watch.ts';
import { marketClockEnv, marketClockEvent } from './env.ts';

const env = parseEnv(marketClockEnv);
const clock = systemClock();
const table = { client: dynamodb(), table: env.MARKET_TABLE };
const portfolios = dynamodbPortfolios(table);
const alertPorts = {
  clock,
  alerts: dynamodbAlerts(table),
  deliveries: sqsDeliveries({ queueUrl: env.DELIVERY_QUEUE_URL }),
  policyOf: policies(portfolios, clock),
};
const sources = dynamodbSources({ ...table, watched: env.WATCHED_SOURCES });
const streamMs = env.STREAM_QUIET_MINUTES === null ? null : env.STREAM_QUIET_MINUTES * 60_000;
const mail = mailPorts(env, env.MARKET_TABLE);
const digestStores = {
  alerts: alertPorts.alerts,
  digests: dynamodbDigests(table),
  findings: dynamodbFindings(table),
  counts: dynamodbCounts(table),
  asked: dynamodbAsked(table),
  clock,
};

/** Time that is kept for what was begun. */
const RESERVE_MS = 10_000;

/**
 * Runs every minute: notices sources that fell silent, makes the digests that are due, and meanwhile finds notifications that
 * a crash left, and repeats and resolves alerts. One that fails keeps none of the others from its turn, nor does one that
 * is slow: after a halt of the market the sweep may need all of the time.
 */
export const handler = traced('market-clock', async (given: unknown, context: Context) => {
  const { at } = marketClockEvent.catch({}).parse(given);
  const now = at === undefined ? clock.now() : Date.parse(at);
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > RESERVE_MS;
  const failed: unknown[] = [];
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await work();
    } catch (error) {
      failed.push(error);
      return null;
    }
  };
  const all = await attempt(() => portfolios.list());
  if (at === undefined && all !== null) {
    const names = all.map(({ portfolio }) => portfolio.id);
    const since = Math.min(...all.map(({ savedAt }) => savedAt));
    const told = (matches: readonly Match[]) => raise(alertPorts, matches);
    await attempt(() => watchSources({ sources, raise: told }, names, now, { streamMs, since }));
    await attempt(() => watchCalendar({ raise: told }, names, now));
  }
  const [made, done] = await Promise.all([
    inParallel(all ?? [], (record) => attempt(() => closeOf(record, now, at !== undefined)), 5),
    attempt(() => sweep({ ...alertPorts, stillHolds: stillHoldsIn(table) }, hasTime)),
  ]);
  const swept = done?.swept ?? 0;
  failed.push(...made.flatMap((each) => each?.failed ?? []), ...(done?.errors ?? []));
  const digests = made.flatMap((each) => each?.made ?? []).map(({ id, revision }) => ({ id, revision }));
  for (const error of failed) logger.error('clock.failed', { error: error as Error });
  if (swept + digests.length > 0) logger.info('clock.done', { swept, digests: digests.length });
  if (failed.length > 0)
    throw new AggregateError(failed, `${failed.length} of the clock's jobs failed. They come again.`);
  return { swept, digests };
});

function closeOf({ portfolio }: PortfolioRecord, now: number, isPlayed: boolean) {
  const recipients = portfolio.recipients.flatMap((each) => (each.kind === 'email' ? [each.to] : []));
  const ports = {
    ...digestStores,
    // The clock says nothing about the sources of a day that is played.
    silentSources: async () => (isPlayed ? [] : silentNames(await sources.list(), now, { streamMs })),
    keepWhole: async (key: string, digest: Digest) => {
      const Body = JSON.stringify(digest);
      await s3().send(
        new PutObjectCommand({ Bucket: env.DIGEST_BUCKET, Key: key, Body, ContentType: 'application/json' }),
      );
    },
    publish: async (digest: Digest) => {
      const unsent = mail === undefined ? recipients.length : await mailDigest(mail, digest, recipients);
      if (unsent === 0) return;
      logger.warn('digest.not-mailed', { digest: digest.id, unsent, ...(mail === undefined && { reason: NO_MAIL }) });
      metrics.addMetric(DIGESTS_NOT_MAILED, MetricUnit.Count, unsent);
    },
  };
  const zone = portfolio.quietHours?.zone ?? env.ZONE;
  return (isPlayed ? closePlayed : closeHours)(ports, { id: portfolio.id, name: portfolio.name, zone }, now);
}
