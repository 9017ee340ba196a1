import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explain } from '../explain.ts';
import type { FleetFunction } from './fleet-function.ts';

export interface CanaryProps {
  /** The functions that a deploy changes step by step. */
  readonly functions: readonly FleetFunction[];
  /** Alarms that roll every function back, in addition to the errors of each. */
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
          // Longer than the alarms' period of five minutes, so that they ring in time.
          deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
          alarms: [fn.errors, ...alarms],
        }),
    );
  }
}
