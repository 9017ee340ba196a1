import { ComparisonOperator, TreatMissingData, type Alarm, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { alarm, type AlarmNotice } from './alarm.ts';

export interface HeartbeatProps extends Pick<AlarmNotice, 'says' | 'owner'> {
  /** What a function that runs every minute counts when it has done its work, by the minute. */
  readonly metric: Metric;
}

/**
 * A dead man's switch: it rings about five minutes after the last heartbeat. What died may be the schedule, its role or the
 * function, and each run that fails counts as missing. Three of five, not five of five: CloudWatch looks further back
 * when data is missing, so a single old heartbeat would keep the alarm quiet for longer.
 */
export function heartbeatAlarm(scope: Construct, id: string, { metric, ...notice }: HeartbeatProps): Alarm {
  return alarm(scope, id, {
    ...notice,
    metric,
    threshold: 1,
    periods: 5,
    datapoints: 3,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    missing: TreatMissingData.BREACHING,
    severity: 1,
    runbook: 'silent-schedules',
  });
}
