import { CfnAlarm, CfnCompositeAlarm, CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { versionsOf, type AgentCard } from '#core/agents/agent-card.ts';
import {
  agentMetrics,
  COLLECTOR_METRICS,
  FLEET_METRICS,
  HEARTBEATS,
  PLATFORM_METRICS,
  SYSTEM_METRICS,
} from '#core/metrics/names.ts';
import { collectorService } from './constructs/economy.ts';
import { FleetFunction, serviceName } from './constructs/fleet-function.ts';
import { FleetStack } from './fleet-stack.ts';

/** List prices of CloudWatch in us-east-1 in US dollars a month, November 2026. https://aws.amazon.com/cloudwatch/pricing/ */
const PRICES = { metricOfAlarm: 0.1, composite: 0.5, dashboard: 3, metric: 0.3 } as const;

/** What CloudWatch bills for a month, in US dollars, without the free tier. */
export interface MonitoringPrice {
  /** Standard alarms by the metrics that they watch, and composite alarms. */
  readonly alarms: number;
  readonly dashboards: number;
  readonly metrics: MetricsPrice;
}

/** CloudWatch bills a metric for the hours in which it has data. */
interface MetricsPrice {
  /** If no agent works: heartbeats. */
  readonly idle: number;
  /** If every agent works in every hour, and every task succeeds. */
  readonly usual: number;
  /** If moreover everything else that is measured happens in every hour, everywhere. It cannot cost more. */
  readonly most: number;
}

/** Computes what the alarms, dashboards and metrics of stacks cost. @param agents those of all pools */
export function monitoringPrice(stacks: readonly FleetStack[], agents: readonly AgentCard[]): MonitoringPrice {
  const all = stacks.flatMap(({ node }) => node.findAll());
  const watched = all.filter((each) => each instanceof CfnAlarm).reduce((sum, each) => sum + metricsOf(each), 0);
  const composites = all.filter((each) => each instanceof CfnCompositeAlarm).length;
  const dashboards = all.filter((each) => each instanceof CfnDashboard).length;
  return {
    alarms: cents(watched * PRICES.metricOfAlarm + composites * PRICES.composite),
    dashboards: cents(dashboards * PRICES.dashboard),
    metrics: metricsPrice(all, agents),
  };
}

function metricsPrice(all: readonly IConstruct[], agents: readonly AgentCard[]): MetricsPrice {
  const ofAgents = agents.map((agent) =>
    agentMetrics({
      model: agent.model !== 'none',
      tools: versionsOf(agent).some(({ tools }) => tools.length > 0),
    }),
  );
  const names = [...ofAgents, FLEET_METRICS, PLATFORM_METRICS];
  const usual = names.flatMap((each) => each.usual);
  const rare = [...names.flatMap((each) => each.rare), ...SYSTEM_METRICS, ...othersOf(all, agents)];
  return {
    idle: cents(usual.filter((name) => HEARTBEATS.has(name)).length * PRICES.metric),
    usual: cents(usual.length * PRICES.metric),
    most: cents((usual.length + rare.length) * PRICES.metric),
  };
}

/** What functions that belong to no pool may write: collectors of economy tasks, and any that reads records. */
function othersOf(all: readonly IConstruct[], agents: readonly AgentCard[]): readonly string[] {
  const functions = all.filter((each) => each instanceof FleetFunction);
  return [...new Map(functions.map((each) => [each.measuresAs, each]))].flatMap(([service, each]) => {
    const named = (name: (agent: string) => string): boolean =>
      agents.some((agent) => serviceName(FleetStack.of(each).config, name(agent.name)) === service);
    if (named((agent) => agent)) return [];
    return named(collectorService) ? COLLECTOR_METRICS : ['RecordsUnreadable'];
  });
}

/** An alarm on an expression is billed for each metric in it. */
const metricsOf = ({ metrics }: CfnAlarm): number =>
  Array.isArray(metrics) ? metrics.filter((each) => 'metricStat' in each && each.metricStat !== undefined).length : 1;

const cents = (usd: number): number => Math.round(usd * 100) / 100;
