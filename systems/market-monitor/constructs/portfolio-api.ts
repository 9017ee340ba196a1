import { Construct } from 'constructs';
import {
  FleetFunction,
  FleetStack,
  type ArtifactBucket,
  type ItemTable,
  type Platform,
  type Wiring,
} from '#lib/index.ts';
import { PORTFOLIO_ROUTES, type PortfoliosEnv } from '../functions/portfolios/env.ts';

export interface PortfolioApiProps {
  readonly memory: ItemTable;
  /** Has what the router set aside. */
  readonly rejected: ArtifactBucket;
  readonly platform: Platform;
  /** The tenant whose keys may use it. */
  readonly tenant: string;
  /** The sender of mail. Undefined: recipients of mail are rejected. */
  readonly mailFrom: string | undefined;
}

/** Portfolios, and the versions of each. */
const PORTFOLIOS = ['PORTFOLIOS', 'PORTFOLIO#*'];
/** Silences, and the alerts that they hold back. */
const ALERTS = ['ALERT#*'];
const KEYS = [...PORTFOLIOS, ...ALERTS];
/** Seconds. API Gateway waits 29 for an integration. */
const TIME_LIMIT = 29;

/** Portfolios, their rules and silences, and what was set aside, below the address of the task API, for callers with keys. */
export class PortfolioApi extends Construct {
  constructor(scope: Construct, id: string, { memory, rejected, platform, tenant, mailFrom }: PortfolioApiProps) {
    super(scope, id);
    const fn = new FleetFunction<Wiring<PortfoliosEnv>>(this, 'Serve', {
      entry: 'systems/market-monitor/functions/portfolios/handler.ts',
      service: 'portfolios',
      description: 'Serves portfolios, their rules and silences',
      timeLimit: TIME_LIMIT,
      environment: {
        MARKET_TABLE: memory.within({ GetItem: KEYS, PutItem: KEYS, Query: KEYS, UpdateItem: ALERTS }),
        REJECTED_BUCKET: rejected.keeping({ read: ['rejected/'] }),
        TENANT: tenant,
        PRIVATE_CALLBACKS: String(FleetStack.of(this).config.privateCallbacks),
        SENDS_MAIL: String(mailFrom !== undefined),
      },
    });
    for (const route of PORTFOLIO_ROUTES) platform.routes.push({ route, fn, keyed: true });
  }
}
