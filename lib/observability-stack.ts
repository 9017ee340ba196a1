import type { Duration } from 'aws-cdk-lib';
import type { CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { alarm } from './constructs/alarm.ts';
import { WAKE_SERVICE } from './constructs/callbacks.ts';
import { FleetDashboards } from './constructs/fleet-dashboards.ts';
import { FLEET } from './constructs/fleet-function.ts';
import { apiMetric, fleetMetric } from './constructs/fleet-metric.ts';
import { heartbeatAlarm } from './constructs/heartbeat.ts';
import { PoolAlarms } from './constructs/pool-alarms.ts';
import { saveQueries } from './constructs/saved-queries.ts';
import { ServiceLevel } from './constructs/service-level.ts';
import { FleetStack } from './fleet-stack.ts';
import { monitoringPrice } from './monitoring-price.ts';
import type { SystemProps } from './platform.ts';

/**
 * What watches all agents of an environment and region: alarms on what the functions measure, promises to users,
 * dashboards and saved queries. It names what it watches, so that it needs no other stack, and none needs it.
 */
export class ObservabilityStack extends FleetStack {
  readonly pools: readonly PoolAlarms[];
  readonly dashboards: FleetDashboards;
  readonly queries: readonly CfnQueryDefinition[];

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'observability',
      description: 'Alarms, dashboards and saved queries over all agents',
    });
    const pools = new Construct(this, 'Pools');
    this.pools = platform.pools.map((pool) => new PoolAlarms(pools, pool));
    this.#watchFleet();
    const levels = this.#promise();
    const agents = platform.pools.map(({ agent }) => agent);
    this.dashboards = new FleetDashboards(this, 'Dashboards', { agents, alarms: levels });
    this.queries = saveQueries(new Construct(this, 'Queries'));
    const stacks = this.node.root.node.children.filter(
      (each): each is FleetStack => each instanceof FleetStack && each.region === region,
    );
    const { alarms, dashboards, metrics } = monitoringPrice(stacks, agents);
    const { idle, usual, most } = metrics;
    this.tell({
      MonitoringUsdPerMonth: `alarms ${alarms.toFixed(2)}, dashboards ${dashboards.toFixed(2)}, metrics ${idle.toFixed(2)} if nothing happens, ${usual.toFixed(2)} if every agent works in every hour, ${most.toFixed(2)} if everything that is measured happens in every hour`,
    });
  }

  #watchFleet(): void {
    alarm(this, 'ModelThrottled', {
      metric: fleetMetric(this, { service: FLEET, name: 'ModelFailedThrottled' }),
      threshold: 10,
      says: 'The model refused at least ten calls within a minute because of its rate limits. Tasks wait and lose no attempt.',
      severity: 3,
      owner: 'platform',
      runbook: 'model-throttled',
    });
    alarm(this, 'StuckSessions', {
      metric: fleetMetric(this, { service: FLEET, name: 'SessionsStuck' }),
      threshold: 1,
      says: 'Tasks wait for their turn in a conversation, and nobody works on the first one. The log line session.stuck names session and task.',
      severity: 2,
      owner: 'platform',
      runbook: 'stuck-sessions',
    });
    heartbeatAlarm(this, 'CallbackWakerSilent', {
      metric: fleetMetric(this, { service: WAKE_SERVICE, name: 'CallbackWakes' }),
      says: 'For five minutes nothing has sent the parked callbacks that are due. Receivers that were down are not called again.',
      owner: 'platform',
    });
  }

  #promise(): readonly CompositeAlarm[] {
    const sum = (name: string) => (period: Duration) => fleetMetric(this, { service: FLEET, name, period });
    const levels = [
      new ServiceLevel(this, 'Acceptance', {
        goal: 0.999,
        bad: (period) => apiMetric(this, '5XXError', 'Sum', period),
        total: (period) => apiMetric(this, 'Count', 'SampleCount', period),
        promise: 'The task API answers 99.9 % of requests without an error of its own.',
        owner: 'api',
        runbook: 'api-errors',
      }),
      new ServiceLevel(this, 'Dispatch', {
        goal: 0.99,
        bad: sum('DispatchSlow'),
        total: (period) =>
          fleetMetric(this, { service: FLEET, name: 'DispatchTime', statistic: 'SampleCount', period }),
        promise:
          'A worker takes 99 % of tasks within a minute of their acceptance, those of runs and economy tasks apart.',
        owner: 'platform',
        runbook: 'queue-age',
      }),
      new ServiceLevel(this, 'Success', {
        goal: 0.99,
        bad: sum('FleetFailures'),
        total: sum('TasksEnded'),
        promise: 'No more than 1 % of tasks fail for a reason that lies in the fleet: crashes, deadlines, the model.',
        owner: 'platform',
        runbook: 'error-rate',
      }),
    ];
    return levels.flatMap(({ alarms }) => alarms);
  }
}
