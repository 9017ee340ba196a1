import { Duration } from 'aws-cdk-lib';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Metric, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { alarm } from './alarm.ts';
import type { FleetFunction } from './fleet-function.ts';

export interface CanaryProps {
  /** The functions that a deploy changes step by step. */
  readonly functions: readonly FleetFunction[];
  /** Alarms that roll every function back, in addition to the errors of each one's new version. */
  readonly alarms: readonly IAlarm[];
}

const POLICY = 'service-role/AWSCodeDeployRoleForLambdaLimited';

/**
 * Deploys new versions of functions to a tenth of their invocations for ten minutes, then to all. An alarm in that time
 * rolls the alias back to the version before. CloudFormation waits for it, and rolls the stack back too.
 */
export class Canary extends Construct {
  readonly groups: readonly LambdaDeploymentGroup[];

  constructor(scope: Construct, id: string, { functions, alarms }: CanaryProps) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(POLICY)],
    });
    explain(role, {
      [`IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${POLICY}]`]:
        'AWS maintains what CodeDeploy needs to move an alias; the policy names no more than that.',
    });
    this.groups = functions.map(
      (fn) =>
        new LambdaDeploymentGroup(this, fn.node.id, {
          application,
          alias: fn.alias,
          role,
          // Longer than the alarms' periods of up to five minutes, so that they ring in time.
          deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
          alarms: [this.#errorsOfNewVersion(fn), ...alarms],
        }),
    );
  }

  /**
   * Counts the new version alone. The other version's errors must not stop a deploy that mends them. On the way back the
   * alarm watches the version before again, so the errors of the new one cannot stop it.
   */
  #errorsOfNewVersion(fn: FleetFunction): IAlarm {
    const FunctionName = fn.lambda.functionName;
    const metric = new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensionsMap: {
        FunctionName,
        Resource: `${FunctionName}:${fn.alias.aliasName}`,
        ExecutedVersion: fn.lambda.currentVersion.version,
      },
      period: Duration.minutes(1),
      statistic: 'Sum',
    });
    const says =
      'An invocation of the new version failed while it was deployed. The log group of the function shows the cause.';
    return alarm(this, `${fn.node.id}Version`, {
      metric,
      threshold: 1,
      says,
      severity: 2,
      runbook: 'function-errors',
    });
  }
}
