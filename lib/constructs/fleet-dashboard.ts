import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, PeriodOverride, type IMetric, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { AgentPool } from './agent-pool.ts';
import { fleetMetric, mathId, rateOf } from './fleet-metric.ts';

export interface FleetDashboardProps {
  readonly agent: string;
  readonly pool: AgentPool;
}

const EVERY = Duration.minutes(1);

/** How dashboards show time. Without it CloudWatch chooses periods, and what is titled "per minute" is not. */
export const SHOWN = { defaultInterval: Duration.hours(3), periodOverride: PeriodOverride.INHERIT };

/** A CloudWatch dashboard of a pool: whether work waits, whether workers keep up, how tasks end, what the model costs. */
export class FleetDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: FleetDashboardProps) {
    super(scope, id);
    const { stackName, region } = FleetStack.of(this);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `${stackName}-${region}`,
      ...SHOWN,
      widgets: [
        [graph('Messages waiting', ...this.#depths(props)), graph('Oldest message, seconds', ...this.#ages(props))],
        [graph('Workers', ...this.#workers(props)), graph('Tasks per minute', ...this.#ends(props))],
        [graph('Wait and latency, ms', ...this.#times(props)), graph('US dollars per minute', this.#dollars(props))],
        [graph('Paused or breaker open (1 = yes)', ...this.#heldUp(props))],
      ],
    });
  }

  #depths({ pool }: FleetDashboardProps): readonly IMetric[] {
    const queues = { high: pool.high, default: pool.default, 'dead letters': pool.deadLetters.queue };
    return Object.entries(queues).map(([label, queue]) =>
      queue.metricApproximateNumberOfMessagesVisible({ period: EVERY, label }),
    );
  }

  #ages({ pool }: FleetDashboardProps): readonly IMetric[] {
    return Object.entries({ high: pool.high, default: pool.default }).map(([label, queue]) =>
      queue.metricApproximateAgeOfOldestMessage({ period: EVERY, label }),
    );
  }

  #workers({ pool }: FleetDashboardProps): readonly IMetric[] {
    const { lambda } = pool.worker;
    return [
      lambda.metric('ConcurrentExecutions', { period: EVERY, statistic: 'Maximum', label: 'at once' }),
      rateOf(lambda.metricErrors({ period: EVERY }), 60, { id: 'errors', label: 'errors per minute' }),
      rateOf(lambda.metricThrottles({ period: EVERY }), 60, { id: 'throttles', label: 'throttles per minute' }),
    ];
  }

  #ends(props: FleetDashboardProps): readonly IMetric[] {
    const labels = {
      TasksSucceeded: 'succeeded',
      TasksFailed: 'failed',
      TasksParkedThrottled: 'waiting for the model',
      TasksParkedAgentVersion: 'waiting for their agent version',
    };
    return Object.entries(labels).map(([name, label]) =>
      rateOf(this.#metric(props, name, 'Sum'), 60, { id: mathId(name), label }),
    );
  }

  #times(props: FleetDashboardProps): readonly IMetric[] {
    return [
      this.#metric(props, 'TaskWait', 'p50', 'in the queue, p50'),
      this.#metric(props, 'TaskWait', 'p99', 'in the queue, p99'),
      this.#metric(props, 'ModelLatency', 'p50', 'model, p50'),
      this.#metric(props, 'ModelLatency', 'p99', 'model, p99'),
    ];
  }

  #heldUp({ pool: { sweeper } }: FleetDashboardProps): readonly IMetric[] {
    return [sweeper.metric('BreakerOpen', 'breaker open'), sweeper.metric('PoolPaused', 'pool or fleet paused')];
  }

  #dollars(props: FleetDashboardProps): IMetric {
    const micro = this.#metric(props, 'ModelMicroDollars', 'Sum');
    return rateOf(micro, 60, { id: 'micro', unit: 1e6, label: 'spent' });
  }

  /** A metric that the worker writes to its log (runtime/observability/telemetry.ts). */
  #metric({ agent }: FleetDashboardProps, name: string, statistic: string, label?: string): Metric {
    return fleetMetric(this, { service: agent, name, statistic, period: EVERY, label });
  }
}

const graph = (title: string, ...left: readonly IMetric[]): GraphWidget =>
  new GraphWidget({ title, left: [...left], width: 12, height: 6 });
