import { ArnFormat } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

/**
 * The beginning of the names of the fleet's services in metrics, and of its alarms, with permission to read both.
 * CloudFormation names an alarm after its stack.
 */
export function readingMonitoring(scope: Construct): Wire {
  const stack = FleetStack.of(scope);
  const { prefix } = stack.config;
  const alarms = stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: `${prefix}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return {
    value: prefix,
    grantTo: (grantee) => {
      Grant.addToPrincipal({ grantee, actions: ['cloudwatch:DescribeAlarmHistory'], resourceArns: [alarms] });
      const actions = ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'];
      Grant.addToPrincipal({ grantee, actions, resourceArns: ['*'] });
      explainStar(scope, alarms, 'CloudFormation chooses the ends of the names of alarms.');
      explainStar(scope, '*', 'Reading composite alarms, or metrics, supports no single ones.');
    },
  };
}
