import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  DashboardVariable,
  DefaultValue,
  GraphWidget,
  Metric,
  Values,
  VariableInputType,
  VariableType,
  type IAlarm,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AgentCard } from '#core/agents/agent-card.ts';
import { PARK_CAUSES, waitingMetric } from '#core/metrics/names.ts';
import { FleetStack } from '../fleet-stack.ts';
import { SHOWN } from './fleet-dashboard.ts';
import { serviceName, FLEET } from './fleet-function.ts';
import { apiMetric, fleetMetric, mathId, rateOf } from './fleet-metric.ts';
import { poolQueueName } from './pool-queues.ts';

export interface FleetDashboardsProps {
  readonly agents: readonly AgentCard[];
  /** Their states are shown at the top. */
  readonly alarms: readonly IAlarm[];
}

/** The label of each metric, by its name. */
type Labels = Readonly<Record<string, string>>;

const NOW: Labels = { TasksRunning: 'running', TasksQueued: 'queued', TasksWaiting: 'waiting' };
/** What tasks wait for, by the cause. */
const CAUSES: Readonly<Record<(typeof PARK_CAUSES)[number], string>> = {
  throttled: 'for the model',
  session: 'for their session',
  'tenant-cap': 'for their tenant',
  paused: 'for their pool',
  budget: 'for the next day',
  backoff: 'after a failure',
  yielded: 'for a further worker',
  delegated: 'for tasks they delegated',
  batch: 'for a batch',
  'agent-version': 'for their agent version',
};
const WAITS: Labels = Object.fromEntries(PARK_CAUSES.map((cause) => [waitingMetric(cause), CAUSES[cause]]));
const ENDS: Labels = {
  TasksSucceeded: 'succeeded',
  TasksFailed: 'failed',
  TasksCancelled: 'cancelled',
  TasksEscalated: 'escalated',
};
const TROUBLE: Labels = {
  ModelFailedThrottled: 'throttled by the model',
  ModelFailedTransient: 'model failed',
  ToolErrors: 'tool failed',
  BreakerOpen: 'breaker open',
  PoolPaused: 'pool or fleet paused',
};
const TOKENS: Labels = { TokensIn: 'in', TokensOut: 'out', TokensCached: 'in from the cache' };

/** Three CloudWatch dashboards: the fleet, one pool of the reader's choice, and money. */
export class FleetDashboards extends Construct {
  constructor(scope: Construct, id: string, props: FleetDashboardsProps) {
    super(scope, id);
    this.#fleet(props);
    this.#pool(props);
    this.#money(props);
  }

  #dashboard(name: string, widgets: readonly GraphWidget[], variables: readonly DashboardVariable[] = []): Dashboard {
    const { stackName, region } = FleetStack.of(this);
    const dashboard = new Dashboard(this, name, {
      dashboardName: `${stackName}-${name.toLowerCase()}-${region}`,
      ...SHOWN,
      variables: [...variables],
    });
    for (let row = 0; row < widgets.length; row += 2) dashboard.addWidgets(...widgets.slice(row, row + 2));
    return dashboard;
  }

  #fleet({ alarms }: FleetDashboardsProps): void {
    const dashboard = this.#dashboard('Fleet', [
      graph('Tasks now', this.#each(FLEET, NOW)),
      graph('Why tasks wait', this.#each(FLEET, WAITS)),
      graph('Tasks per minute', this.#each(FLEET, ENDS)),
      graph('From acceptance to a worker, ms', this.#percentiles(FLEET, 'DispatchTime')),
      graph('Trouble per minute', [...this.#each(FLEET, TROUBLE), this.#tenantsPaused()]),
      graph('From acceptance to the end, ms', this.#percentiles(FLEET, 'TaskTime')),
      graph('US dollars per minute', [this.#dollars(FLEET, 'spent')]),
      graph('Requests to the task API per minute', [
        rateOf(apiMetric(this, 'Count', 'SampleCount', MINUTE), 60, { id: 'all' }),
        rateOf(apiMetric(this, '5XXError', 'Sum', MINUTE), 60, { id: 'failed' }),
      ]),
    ]);
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 8 }));
  }

  /** One for all pools, since each dashboard costs. The reader chooses the pool, whose name replaces the first one's. */
  #pool({ agents }: FleetDashboardsProps): void {
    const [first] = agents;
    if (first === undefined) return;
    const { config } = FleetStack.of(this);
    const { name } = first;
    const queue = (priority: string, metricName: string, statistic: string): IMetric =>
      new Metric({
        namespace: 'AWS/SQS',
        metricName,
        dimensionsMap: { QueueName: poolQueueName(config, name, priority) },
        statistic,
        period: MINUTE,
        label: priority,
      });
    const queues = (metricName: string, statistic: string): IMetric[] =>
      ['high', 'default', 'dead-letters'].map((priority) => queue(priority, metricName, statistic));
    const variable = new DashboardVariable({
      id: 'pool',
      label: 'Pool',
      type: VariableType.PATTERN,
      inputType: VariableInputType.SELECT,
      value: serviceName(config, name),
      values: Values.fromValues(
        ...agents.map((agent) => ({ label: agent.name, value: serviceName(config, agent.name) })),
      ),
      defaultValue: DefaultValue.value(serviceName(config, name)),
    });
    const widgets = [
      graph('Messages waiting', queues('ApproximateNumberOfMessagesVisible', 'Maximum')),
      graph('Oldest message, seconds', queues('ApproximateAgeOfOldestMessage', 'Maximum')),
      graph('Tasks per minute', this.#each(name, ENDS)),
      graph('Trouble per minute', this.#each(name, { ...TROUBLE, TasksParkedThrottled: 'waited for the model' })),
      graph('From acceptance to a worker, ms', this.#percentiles(name, 'DispatchTime')),
      graph('Model latency, ms', this.#percentiles(name, 'ModelLatency')),
      graph('US dollars per minute', [this.#dollars(name, 'spent')]),
      graph('Tokens per minute', this.#each(name, TOKENS)),
    ];
    this.#dashboard('Pool', widgets, [variable]);
  }

  #money({ agents }: FleetDashboardsProps): void {
    const paying = agents.filter(({ model }) => model !== 'none');
    const limited = agents.filter(({ dayBudget }) => dayBudget !== undefined);
    this.#dashboard('Money', [
      graph('US dollars per hour', [this.#dollars(FLEET, 'all agents', HOUR)]),
      graph(
        'US dollars per hour and agent',
        paying.map(({ name }, index) => this.#dollars(name, name, HOUR, `micro${index}`)),
      ),
      graph('Tokens per minute', this.#each(FLEET, TOKENS)),
      graph('US dollars saved by caching per hour', [
        this.#dollars(FLEET, 'saved', HOUR, 'saved', 'CacheSavedMicroDollars'),
      ]),
      graph(
        'Left of the day budget, %',
        limited.map(({ name }) =>
          fleetMetric(this, { service: name, name: 'DayBudgetLeft', statistic: 'Minimum', label: name }),
        ),
      ),
    ]);
  }

  /** Gauges, and counts by minute. */
  #each(service: string, labels: Labels): IMetric[] {
    return Object.entries(labels).map(([name, label]) =>
      rateOf(fleetMetric(this, { service, name }), 60, { id: mathId(name), label }),
    );
  }

  /** Every sweeper counts all of them, so they are no sum. */
  #tenantsPaused(): IMetric {
    return fleetMetric(this, { service: FLEET, name: 'TenantsPaused', statistic: 'Maximum', label: 'tenants paused' });
  }

  #percentiles(service: string, name: string): IMetric[] {
    return ['p50', 'p99'].map((statistic) => fleetMetric(this, { service, name, statistic, label: statistic }));
  }

  #dollars(service: string, label: string, period = MINUTE, id = 'micro', name = 'ModelMicroDollars'): IMetric {
    return rateOf(fleetMetric(this, { service, name, period }), period.toSeconds(), { id, unit: 1e6, label });
  }
}

const MINUTE = Duration.minutes(1);
const HOUR = Duration.hours(1);

const graph = (title: string, left: readonly IMetric[]): GraphWidget =>
  new GraphWidget({ title, left: [...left], width: 12, height: 6 });
