import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';

export interface AlarmProps {
  readonly metric: Metric;
  /** Rings at this value and above. */
  readonly threshold: number;
  /** Periods in a row that must be that bad. @default 1 */
  readonly periods?: number;
  /** What happened and where to look, for whoever it wakes. */
  readonly says: string;
}

/** An alarm that tells the environment's alarm topic, if it has one. Silence is health: no data rings nothing. */
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
