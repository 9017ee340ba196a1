import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import { serviceName } from './fleet-function.ts';

/** The namespace of all metrics that functions write. */
export const NAMESPACE = 'agent-fleet';

export interface FleetMetricProps {
  /** The `service` of the functions: an agent's name, or `FLEET` for all agents together. */
  readonly service: string;
  readonly name: string;
  /** @default Sum */
  readonly statistic?: string | undefined;
  /** @default a minute */
  readonly period?: Duration | undefined;
  readonly label?: string | undefined;
}

/** A metric that functions write to their logs (runtime/observability). */
export function fleetMetric(
  scope: Construct,
  { service, name, statistic = 'Sum', period, label }: FleetMetricProps,
): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: name,
    dimensionsMap: { service: serviceName(FleetStack.of(scope).config, service) },
    statistic,
    period: period ?? Duration.minutes(1),
    ...(label !== undefined && { label }),
  });
}

/** A share of a total. */
export interface Share {
  readonly part: Metric;
  readonly total: Metric;
  /** With a smaller total the share is 0, since a few events say nothing. */
  readonly atLeast: number;
  /** What 1 is called. @default 1 */
  readonly scale?: number;
  readonly label: string;
}

/** The share of `part` in `total`, over the period of both. No data where there is no total. */
export function shareOf({ part, total, atLeast, scale = 1, label }: Share): MathExpression {
  return new MathExpression({
    expression: `IF(total >= ${atLeast}, ${scale} * FILL(part, 0) / total, 0)`,
    usingMetrics: { part, total },
    period: total.period,
    label,
  });
}

/** An id for a metric in metric math: `tasksRunning`. A widget needs another one for each of its metrics. */
export const mathId = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/**
 * A sum as a rate, over whatever period a dashboard shows it. What each sweeper counts once a minute is a gauge, and its
 * rate by minute is its mean: a plain sum would grow with the period.
 * @param per seconds: 60 for a rate by minute
 */
export function rateOf(metric: Metric, per: number, { id, unit, label }: RateOptions): MathExpression {
  return new MathExpression({
    expression: `${id} * ${per} / PERIOD(${id})${unit === undefined ? '' : ` / ${unit}`}`,
    usingMetrics: { [id]: metric },
    period: metric.period,
    label: label ?? metric.label ?? id,
  });
}

export interface RateOptions {
  /** The metric's id, by `mathId`. */
  readonly id: string;
  /** What is called 1, such as a million of what is counted. @default 1 */
  readonly unit?: number | undefined;
  /** @default that of the metric */
  readonly label?: string | undefined;
}

/** A metric of the task API, which is found by its name. */
export const apiMetric = (scope: Construct, name: string, statistic: string, period: Duration): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName: name,
    dimensionsMap: { ApiName: `${FleetStack.of(scope).config.prefix}-api` },
    statistic,
    period,
  });
