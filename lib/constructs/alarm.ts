import { Alarm, ComparisonOperator, CompositeAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmBase, IAlarmRule, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Severity } from '../config.ts';
import { FleetStack } from '../fleet-stack.ts';

/** What an alarm says to the person whom it calls. */
export interface AlarmNotice {
  /** What happened and where to look. */
  readonly says: string;
  readonly severity: Severity;
  /** The team that acts. @default the system of the stack */
  readonly owner?: string | undefined;
  /** The section of docs/runbook.md that says what to do: its anchor. A test resolves it. */
  readonly runbook: string;
}

export interface AlarmProps extends AlarmNotice {
  readonly metric: IMetric;
  /** Rings at this value or above. */
  readonly threshold: number;
  /** Consecutive periods that must breach the threshold. @default 1 */
  readonly periods?: number;
  /** How many of the periods must breach it. @default all */
  readonly datapoints?: number;
  /** @default at the threshold or above */
  readonly comparison?: ComparisonOperator;
  /** What a period without data counts as. @default healthy */
  readonly missing?: TreatMissingData;
  /** Whether it notifies nobody, since a composite alarm does. @default false */
  readonly quiet?: boolean;
}

/** An alarm that notifies the environment's topic for its severity, if there is one. Missing data counts as healthy. */
export function alarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  const { metric, threshold, periods = 1, datapoints, quiet = false } = props;
  const made = new Alarm(scope, `${id}Alarm`, {
    metric,
    threshold,
    evaluationPeriods: periods,
    ...(datapoints !== undefined && { datapointsToAlarm: datapoints }),
    comparisonOperator: props.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.missing ?? TreatMissingData.NOT_BREACHING,
    alarmDescription: describe(scope, props),
  });
  if (!quiet) notify(made, props.severity);
  return made;
}

/** An alarm on the states of others. It notifies as they do not. */
export function compositeAlarm(scope: Construct, id: string, rule: IAlarmRule, notice: AlarmNotice): CompositeAlarm {
  const made = new CompositeAlarm(scope, `${id}Alarm`, {
    // The name that CDK would make lacks the stack's, by which the fleet's alarms are found.
    compositeAlarmName: `${FleetStack.of(scope).stackName}-${scope.node.id}-${id}`,
    alarmRule: rule,
    alarmDescription: describe(scope, notice),
  });
  notify(made, notice.severity);
  return made;
}

/** Where the runbook is if nobody has said where people read it. */
const RUNBOOK = 'docs/runbook.md';

/** Programs read severity, owner and runbook from the last line. */
function describe(scope: Construct, { says, severity, owner, runbook }: AlarmNotice): string {
  const { system, config } = FleetStack.of(scope);
  return `${says}\nSeverity ${severity} · Owner ${owner ?? system} · Runbook ${config.runbookUrl ?? RUNBOOK}#${runbook}`;
}

function notify(made: AlarmBase, severity: Severity): void {
  const action = FleetStack.of(made).alarmAction(severity);
  if (action === undefined) return;
  made.addAlarmAction(action);
  made.addOkAction(action);
}
