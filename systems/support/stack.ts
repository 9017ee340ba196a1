import type { Construct } from 'constructs';
import {
  agentCard,
  AgentPool,
  FleetDashboard,
  FleetStack,
  shareWorkers,
  type SystemProps,
  systemSettings,
  type Wire,
} from '#lib/index.ts';
import { SUPPORT } from './agents/identity.ts';
import { supportAgent } from './agents/support-agent.ts';
import { MessageIntake } from './constructs/message-intake.ts';
import { ShopTable } from './constructs/shop-table.ts';
import type { SupportToolsEnv } from './functions/run-support-agent/env.ts';
import { supportSettings } from './settings.ts';

/**
 * For ten times the expected volume (load/volume.ts): 50 for the default queue, which receives customers' messages, and 12
 * for the high one. Lambda starts with five and scales with the queue.
 */
const WORKERS = 62;

/** The support system: a signed webhook, a pool that answers customers, and the shop's table. */
export class SupportStack extends FleetStack {
  readonly shop: ShopTable;
  readonly pool: AgentPool;
  readonly intake: MessageIntake;
  readonly dashboard: FleetDashboard;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'support',
      description: 'Support: an agent that answers a shop’s customers',
    });
    this.shop = new ShopTable(this, 'Shop');
    this.pool = new AgentPool(this, 'SupportAgent', {
      agent: agentCard(supportAgent),
      entry: 'systems/support/functions/run-support-agent/handler.ts',
      scaling: shareWorkers(config.workers[SUPPORT.name] ?? WORKERS),
      platform,
      tools: { SHOP_TABLE: this.shop.serving() } satisfies Record<keyof SupportToolsEnv, Wire>,
      economyLog: 'economy',
      // A customer waits for an answer.
      patience: { high: 2, default: 5 },
    });
    this.intake = new MessageIntake(this, 'Intake', {
      platform,
      pool: this.pool,
      tenant: systemSettings(config, 'support', supportSettings).tenant,
    });
    this.dashboard = new FleetDashboard(this, 'Overview', { agent: SUPPORT.name, pool: this.pool });
    this.tell({
      ShopTable: this.shop.table.tableName,
      WebhookSecret: this.intake.secret.name,
      DefaultQueueUrl: this.pool.default.queueUrl,
      DeadLetterQueueUrl: this.pool.deadLetters.queue.queueUrl,
      WorkerFunction: this.pool.worker.lambda.functionName,
    });
  }
}
