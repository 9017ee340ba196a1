import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import {
  agentCard,
  AgentPool,
  ArtifactBucket,
  EventStream,
  FleetStack,
  ItemTable,
  StreamRouter,
  type Platform,
  type SystemProps,
  systemSettings,
  type Wire,
} from '#lib/index.ts';
import type { Analyst } from './agents/factory.ts';
import { analysts } from './agents/index.ts';
import { keysOfAnalyst } from './agents/keys.ts';
import { AlertDelivery, ATTENTION_INDEX } from './constructs/alert-delivery.ts';
import { MarketClock } from './constructs/market-clock.ts';
import { PortfolioApi } from './constructs/portfolio-api.ts';
import type { RouteMarketEnv } from './functions/route-market/env.ts';
import type { AnalystEnv } from './functions/run-analyst/env.ts';
import { ROUTER } from './router/name.ts';
import { marketSettings } from './settings.ts';

/** The market monitor: a stream and its router, a pool for each analyst, what notifies people, and the clock of digests. */
export class MarketMonitorStack extends FleetStack {
  readonly stream: EventStream;
  readonly router: StreamRouter<RouteMarketEnv>;
  readonly analysts: readonly AgentPool[];
  /** What it remembers: subjects, windows, alerts, findings, digests and portfolios. ADR 40 has the keys. */
  readonly memory: ItemTable;
  /** What was rejected, below `rejected/`, and digests that do not fit an item, below `digests/`. */
  readonly rejected: ArtifactBucket;
  readonly delivery: AlertDelivery;
  readonly clock: MarketClock;
  readonly portfolios: PortfolioApi;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'market-monitor',
      // Its pools name the queues of all others: with indentation the template nears CloudFormation's 1 MB.
      suppressTemplateIndentation: true,
      description: 'Market monitor: rules judge a stream of events, alerts go out at once, analysts explain them',
    });
    const settings = systemSettings(config, 'market-monitor', marketSettings);
    const { mailFrom, zone, sources, streamQuietMinutes } = settings;
    this.memory = new ItemTable(this, 'Memory', { expires: true, indexes: [ATTENTION_INDEX] });
    this.rejected = new ArtifactBucket(this, 'Rejected');
    this.delivery = new AlertDelivery(this, 'Alerts', { memory: this.memory, platform, mailFrom });
    this.analysts = analysts.map((analyst) => this.#pool(analyst, platform));
    this.stream = new EventStream(this, 'Events', { source: settings.stream });
    this.router = this.#makeRouter(platform, settings);
    this.clock = new MarketClock(this, 'Clock', {
      memory: this.memory,
      delivery: this.delivery,
      mailFrom,
      zone,
      sources,
      streamQuietMinutes,
      bucket: this.rejected,
    });
    this.portfolios = new PortfolioApi(this, 'Portfolios', {
      memory: this.memory,
      rejected: this.rejected,
      platform,
      tenant: settings.tenant,
      mailFrom,
    });
    this.tell({
      MarketTable: this.memory.table.tableName,
      RejectedBucket: this.rejected.bucket.bucketName,
      ClockFunction: this.clock.fn.lambda.functionName,
      RouterFunction: this.router.router.lambda.functionName,
      ...(mailFrom !== undefined && { MailFrom: mailFrom }),
      ...(this.stream.kinesis && { Stream: this.stream.kinesis.streamName }),
    });
  }

  #makeRouter(platform: Platform, { tenant, sources }: z.infer<typeof marketSettings>): StreamRouter<RouteMarketEnv> {
    return new StreamRouter<RouteMarketEnv>(this, 'Market', {
      stream: this.stream,
      name: ROUTER,
      entry: 'systems/market-monitor/functions/route-market/handler.ts',
      table: this.memory,
      bucket: this.rejected,
      // Bars of all instruments come within one second.
      batchSize: 500,
      environment: {
        MARKET_TABLE: this.memory.allowing(['GetItem', 'PutItem', 'UpdateItem', 'Query']),
        STATE_TABLE: platform.state.submitting(),
        DELIVERY_QUEUE_URL: this.delivery.sending(),
        QUEUE_PREFIX: this.#sendingToAnalysts(),
        TENANT: tenant,
        WATCHED_SOURCES: JSON.stringify(sources),
      },
    });
  }

  /** The prefix of the analysts' queues, with the permission to send to them alone. */
  #sendingToAnalysts(): Wire {
    const arns = this.analysts.flatMap((pool) => [pool.high.queueArn, pool.default.queueArn]);
    return {
      value: this.config.prefix,
      grantTo: (grantee) =>
        Grant.addToPrincipal({ grantee, actions: ['sqs:GetQueueUrl', 'sqs:SendMessage'], resourceArns: arns }),
    };
  }

  /** Its tasks only wait for the model, so a worker handles several at once. */
  #pool({ name, agent }: Analyst, platform: Platform): AgentPool {
    return new AgentPool(this, idOf(name), {
      agent: agentCard(agent),
      entry: 'systems/market-monitor/functions/run-analyst/handler.ts',
      tasksPerWorker: this.config.tasksPerWorker,
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 2 } },
      platform,
      tools: {
        ANALYST: name,
        MARKET_TABLE: this.memory.within(keysOfAnalyst(name)),
        DELIVERY_QUEUE_URL: this.delivery.sending(),
      } satisfies Record<keyof AnalystEnv, string | Wire>,
      noEconomy: 'its analyses are of use for minutes',
    });
  }
}

/** `price-move` becomes `PriceMove`. */
const idOf = (name: string): string => name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
