import { Construct } from 'constructs';
import { FleetFunction, FleetStack, type ItemTable, type Platform } from '#lib/index.ts';
import { PORTFOLIO_ROUTES, type PortfoliosEnv } from '../functions/portfolios/env.ts';

export interface PortfolioApiProps {
  readonly memory: ItemTable;
  readonly platform: Platform;
  /** The tenant whose keys may use it. */
  readonly tenant: string;
}

/** Portfolios, and the versions of each. */
const KEYS = ['PORTFOLIOS', 'PORTFOLIO#*'];
/** Seconds. API Gateway waits 29 for an integration. */
const TIME_LIMIT = 29;

/** Portfolios and their rules below the address of the task API, for callers with keys. */
export class PortfolioApi extends Construct {
  constructor(scope: Construct, id: string, { memory, platform, tenant }: PortfolioApiProps) {
    super(scope, id);
    const fn = new FleetFunction<PortfoliosEnv>(this, 'Serve', {
      entry: 'systems/market-monitor/functions/portfolios/handler.ts',
      service: 'portfolios',
      description: 'Serves portfolios and their rules',
      timeLimit: TIME_LIMIT,
      environment: {
        MARKET_TABLE: memory.within({ GetItem: KEYS, PutItem: KEYS, Query: KEYS }),
        TENANT: tenant,
        PRIVATE_CALLBACKS: String(FleetStack.of(this).config.privateCallbacks),
      },
    });
    for (const route of PORTFOLIO_ROUTES) platform.routes.push({ route, fn, keyed: true });
  }
}
