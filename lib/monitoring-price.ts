import { CfnAlarm, CfnCompositeAlarm, CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';

/** List prices of CloudWatch in us-east-1 in US dollars a month, November 2026. https://aws.amazon.com/cloudwatch/pricing/ */
const PRICES = { metricOfAlarm: 0.1, composite: 0.5, dashboard: 3, metric: 0.3 } as const;

/**
 * The metrics of an agent whose tasks succeed, and of the fleet. Each other outcome, cause of waiting or failure that occurs
 * adds one, for the hours in which it does. A test compares them with what a task writes.
 */
export const USUAL_METRICS: readonly string[] = [
  'TaskWait',
  'TaskTime',
  'TaskClaims',
  'TasksSucceeded',
  'TasksEnded',
  'TasksRunning',
  'TasksQueued',
  'DispatchTime',
  'ModelLatency',
  'ModelTokens',
  'ModelMicroDollars',
  'CacheSavedMicroDollars',
  'TokensIn',
  'TokensOut',
  'TokensCached',
  'SlotWait',
  'ToolLatency',
];

/** What CloudWatch bills for a month, in US dollars, without the free tier. */
export interface MonitoringPrice {
  /** Standard alarms by the metrics that they watch, and composite alarms. */
  readonly alarms: number;
  readonly dashboards: number;
  /** If every agent works in every hour. An idle fleet has no metrics. */
  readonly metrics: number;
}

/** Computes what the alarms, dashboards and metrics of stacks cost. @param agents their number */
export function monitoringPrice(stacks: readonly IConstruct[], agents: number): MonitoringPrice {
  const all = stacks.flatMap(({ node }) => node.findAll());
  const watched = all.filter((each) => each instanceof CfnAlarm).reduce((sum, each) => sum + metricsOf(each), 0);
  const composites = all.filter((each) => each instanceof CfnCompositeAlarm).length;
  const dashboards = all.filter((each) => each instanceof CfnDashboard).length;
  return {
    alarms: cents(watched * PRICES.metricOfAlarm + composites * PRICES.composite),
    dashboards: cents(dashboards * PRICES.dashboard),
    metrics: cents((agents + 1) * USUAL_METRICS.length * PRICES.metric),
  };
}

/** An alarm on an expression is billed for each metric in it. */
const metricsOf = ({ metrics }: CfnAlarm): number =>
  Array.isArray(metrics) ? metrics.filter((each) => 'metricStat' in each && each.metricStat !== undefined).length : 1;

const cents = (usd: number): number => Math.round(usd * 100) / 100;
