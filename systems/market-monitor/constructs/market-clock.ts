import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  alarm,
  FleetFunction,
  fleetMetric,
  schedule,
  type ArtifactBucket,
  type ItemTable,
  type Wiring,
} from '#lib/index.ts';
import { DIGESTS_NOT_MAILED } from '../digests/metric.ts';
import type { MarketClockEnv } from '../functions/market-clock/env.ts';
import type { AlertDelivery } from './alert-delivery.ts';
import { mailing } from './mailing.ts';

export interface MarketClockProps {
  readonly memory: ItemTable;
  readonly delivery: AlertDelivery;
  /** The sender of mail. Undefined: digests are made and not mailed. */
  readonly mailFrom: string | undefined;
  /** IANA time zone of the readers of digests. */
  readonly zone: string;
  /** Keeps digests that do not fit an item. */
  readonly bucket: ArtifactBucket;
  /** Names of the sources that are watched beside the stream itself. */
  readonly sources: readonly string[];
  /** Minutes without any event after which the stream itself is silent. Null: it is not watched. */
  readonly streamQuietMinutes: number | null;
}

const SERVICE = 'market-clock';

/**
 * The function that runs every minute: it sweeps alerts, notices sources that fell silent, and makes the digests that are due.
 * With `{ "at": "<time>" }` it makes those that are due at that time, for a day that is played.
 */
export class MarketClock extends Construct {
  readonly fn: FleetFunction<Wiring<MarketClockEnv>>;

  constructor(scope: Construct, id: string, props: MarketClockProps) {
    super(scope, id);
    const { memory, delivery, mailFrom, zone, sources, streamQuietMinutes, bucket } = props;
    this.fn = new FleetFunction<Wiring<MarketClockEnv>>(this, 'Function', {
      entry: 'systems/market-monitor/functions/market-clock/handler.ts',
      service: SERVICE,
      description: 'Sweeps alerts, watches sources and makes digests',
      timeLimit: 55,
      environment: {
        MARKET_TABLE: memory.allowing(['GetItem', 'PutItem', 'UpdateItem', 'Query'], ['attention']),
        DELIVERY_QUEUE_URL: delivery.sending(),
        ZONE: zone,
        DIGEST_BUCKET: bucket.keeping({ read: [], write: ['digests/'] }),
        WATCHED_SOURCES: JSON.stringify(sources),
        STREAM_QUIET_MINUTES: JSON.stringify(streamQuietMinutes),
        ...mailing(this, mailFrom),
      },
    });
    schedule(this, {
      lambda: this.fn.live,
      minutes: 1,
      description: 'Starts the clock of the market monitor',
    });
    this.#watchUnsent();
  }

  #watchUnsent(): void {
    alarm(this, 'DigestsUnsent', {
      metric: fleetMetric(this, { service: SERVICE, name: DIGESTS_NOT_MAILED, period: Duration.minutes(5) }),
      threshold: 1,
      says: 'A digest was made but did not reach every recipient of mail. The log line digest.not-mailed says how many, and names the digest, which npm run fleet -- alerts digest --portfolio PORTFOLIO shows.',
      severity: 2,
      runbook: 'mail',
    });
  }
}
