import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { fleetMetric } from './fleet-metric.ts';

/**
 * How often a function met a task whose agent version it does not have (`runtime/observability/telemetry.ts`). A worker
 * meets each such task again within three minutes, so the metric lasts as long as one waits.
 * @param service the function's `service`
 */
export function versionMetric(scope: Construct, service: string): Metric {
  return fleetMetric(scope, { service, name: 'TasksParkedAgentVersion', period: Duration.minutes(5) });
}

/** What a person does about it. */
export const VERSION_REMEDY =
  'Deploy the code that has the version, or pass its definition as `earlier`: docs/deploy.md, Agent versions. Until then the tasks wait, at most until their deadlines.';
