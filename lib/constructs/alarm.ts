import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';

export interface AlarmProps {
  readonly metric: Metric;
  /** Rings at this value or above. */
  readonly threshold: number;
  /** Consecutive periods that must breach the threshold. @default 1 */
  readonly periods?: number;
  /** What happened and where to look: the alarm's description. */
  readonly says: string;
}

/** An alarm that notifies the environment's alarm topic, if there is one. Missing data counts as healthy. */
export function alarm(scope: Construct, id: string, { metric, threshold, periods = 1, says }: AlarmProps): Alarm {
  const { alarmAction } = FleetStack.of(scope);
  const made = new Alarm(scope, `${id}Alarm`, {
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: says,
  });
  if (alarmAction !== undefined) {
    made.addAlarmAction(alarmAction);
    made.addOkAction(alarmAction);
  }
  return made;
}
