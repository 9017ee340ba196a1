import type { Construct } from 'constructs';
import { agentCard, AgentPool, FleetStack, ItemTable, type Platform, type SystemProps, type Wire } from '#lib/index.ts';
import type { Analyst } from './agents/factory.ts';
import { analysts } from './agents/index.ts';
import type { AnalystEnv } from './functions/run-analyst/env.ts';

/** The market monitor: a pool for each analyst, and the table of what it remembers. */
export class MarketMonitorStack extends FleetStack {
  readonly analysts: readonly AgentPool[];
  /** What it remembers: subjects, windows, alerts, findings, digests and portfolios. ADR 40 has the keys. */
  readonly memory: ItemTable;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'market-monitor',
      // Its pools name the queues of all others: with indentation the template nears CloudFormation's 1 MB.
      suppressTemplateIndentation: true,
      description: 'Market monitor: rules judge a stream of events, alerts go out at once, analysts explain them',
    });
    this.memory = new ItemTable(this, 'Memory', { expires: true });
    this.analysts = analysts.map((analyst) => this.#pool(analyst, platform));
    this.tell({ MarketTable: this.memory.table.tableName });
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
        MARKET_TABLE: this.memory.allowing(['GetItem', 'PutItem']),
      } satisfies Record<keyof AnalystEnv, string | Wire>,
      noEconomy: 'its analyses are of use for minutes',
    });
  }
}

/** `price-move` becomes `PriceMove`. */
const idOf = (name: string): string => name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
