import { Duration } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { agentCard } from '#core/agents/agent-card.ts';
import { canaryAgent } from '#core/regions/canary-agent.ts';
import { AgentPool } from './constructs/agent-pool.ts';
import { alarm } from './constructs/alarm.ts';
import { fleetMetric } from './constructs/fleet-metric.ts';
import { HomeKeeper } from './constructs/home-keeper.ts';
import { HomesTable } from './constructs/homes-table.ts';
import { FleetStack } from './fleet-stack.ts';
import type { SystemProps } from './platform.ts';
import { stateTableName } from './regions.ts';

/** Copies usually arrive within a second. */
const SLOW_COPY_MS = 60_000;

/** What makes a region one of three: its table of leases and pledges, the keeper of homes, and the canary's pool. */
export class RegionsStack extends FleetStack {
  readonly homes: HomesTable;
  readonly canary: AgentPool;
  readonly keeper: HomeKeeper;
  /** Rings while no task is done here: the region is down, whatever its API answers. */
  readonly working: Alarm;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'regions',
      description: 'Which region holds which home: leases and pledges, their keeper, and the canary',
    });
    this.homes = new HomesTable(this, 'Homes');
    this.canary = new AgentPool(this, 'Canary', {
      agent: agentCard(canaryAgent),
      entry: 'functions/answer-canary/handler.ts',
      platform,
      memory: 256,
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 2 } },
    });
    this.keeper = new HomeKeeper(this, 'Keeper', { platform });
    this.working = this.#watchWork();
    this.#watchCopies();
    this.tell({ HomesTable: this.homes.table.tableName, RegionAlarm: this.working.alarmName });
  }

  /** A canary is sent every ten seconds. One alarm on a minute without a single end, so that a health check can follow it. */
  #watchWork(): Alarm {
    return alarm(this, 'Working', {
      metric: fleetMetric(this, { service: canaryAgent.name, name: 'TasksSucceeded' }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      missing: TreatMissingData.BREACHING,
      says: `For a minute no canary task has been done in ${this.region}. Its homes go to another region within a minute.`,
      severity: 1,
      runbook: 'regions',
    });
  }

  /** DynamoDB measures each direction where the write was made. */
  #watchCopies(): void {
    for (const to of this.config.regions.filter((region) => region !== this.region)) {
      alarm(this, `CopiesTo${to}`, {
        metric: new Metric({
          namespace: 'AWS/DynamoDB',
          metricName: 'ReplicationLatency',
          dimensionsMap: { TableName: stateTableName(this.config), ReceivingRegion: to },
          statistic: 'Average',
          period: Duration.minutes(1),
        }),
        threshold: SLOW_COPY_MS,
        periods: 5,
        says: `For five minutes the state of tasks has reached ${to} a minute late or later. If ${this.region} is lost now, what it accepted in that time with the durability "region" is lost with it.`,
        severity: 2,
        runbook: 'regions',
      });
    }
  }
}
