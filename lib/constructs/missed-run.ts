import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { alarm } from './alarm.ts';
import { serviceName, type FleetFunction } from './fleet-function.ts';
import { deadLetterQueue } from './queues.ts';

/** The service of the function that checks runs. */
export const CHECK_SERVICE = 'check-scheduled-run';

/** Hours without a check. A day has 26 where the clocks change by two hours (Troll). Scheduler tries again for one. */
const SILENT_HOURS = 28;

/**
 * A dead man's switch. One alarm rings when a check finds that a run has not succeeded, until a check finds one that has.
 * The other one rings when there are no checks, so also from the first deploy to the first check.
 * @param schedule the schedule's name
 * @param checked when its runs are checked, such as `07:05, Europe/Berlin`
 */
export function watchRuns(scope: Construct, schedule: string, checked: string): void {
  const { config } = FleetStack.of(scope);
  const metric = new Metric({
    namespace: 'agent-fleet',
    metricName: 'RunMissed',
    dimensionsMap: { service: serviceName(config, CHECK_SERVICE), schedule },
  });
  alarm(scope, 'Missed', {
    metric: metric.with({ statistic: Stats.MAXIMUM, period: Duration.minutes(5) }),
    threshold: 1,
    // There is one value a day. Between two the alarm stays as it is.
    missing: TreatMissingData.IGNORE,
    severity: 1,
    runbook: 'schedules',
    says: `The run of the schedule ${schedule} had not succeeded at ${checked}. fleet schedules list shows its run, and the execution of this name the cause. Redrive the execution, or start a run with: fleet schedules run-now ${schedule}. The alarm ends when the next night has succeeded.`,
  });
  alarm(scope, 'Unchecked', {
    metric: metric.with({ statistic: Stats.SAMPLE_COUNT, period: Duration.hours(1) }),
    threshold: 1,
    periods: SILENT_HOURS,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    missing: TreatMissingData.BREACHING,
    severity: 2,
    runbook: 'schedules',
    says: `Nobody has checked the runs of the schedule ${schedule} for ${SILENT_HOURS} hours, so they may be missing. After the first deploy this is normal until ${checked}. Later see whether the schedule is paused (fleet schedules list), resume it (fleet schedules resume ${schedule}), and look into the log of its check.`,
  });
}

/** Keeps calls that Scheduler could not make, and those of which the function failed three times. */
export function keepFailedCalls(
  scope: Construct,
  schedule: string,
  functions: readonly FleetFunction[],
  timeLimit: number,
): Queue {
  const queue = deadLetterQueue(scope, 'Unstarted', timeLimit);
  explain(queue, { SQS3: 'It keeps calls that failed. It is a dead-letter queue itself.' });
  // Scheduler does not wait for the function. What fails there is for Lambda to repeat.
  for (const { live } of functions)
    live.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(queue) });
  alarm(scope, 'Uncalled', {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
    threshold: 1,
    says: `A call of the schedule ${schedule} failed, so its run may be missing, or unchecked. The message in the queue or the log of the function has the reason. See its run with: fleet schedules list. Start it with: fleet schedules run-now ${schedule}. Then delete the message.`,
    severity: 2,
    runbook: 'schedules',
  });
  return queue;
}
