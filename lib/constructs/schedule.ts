import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

export interface ScheduleProps {
  /** A function, by its alias. */
  readonly lambda: IFunction;
  /** Minutes from one start to the next. */
  readonly minutes: number;
  readonly description: string;
}

/** Invokes a function at a fixed interval. A failed invocation is not retried: the next one makes up for it. */
export function schedule(scope: Construct, { lambda, minutes, description }: ScheduleProps): CfnSchedule {
  lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  // Written by hand: CDK's own target would grant invoking every version of the function.
  const role = new Role(scope, 'ScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  const { functionArn } = lambda;
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
  return new CfnSchedule(scope, 'Schedule', {
    description,
    scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: functionArn,
      roleArn: role.roleArn,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    },
  });
}
