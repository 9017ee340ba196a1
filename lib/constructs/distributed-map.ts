import { ArnFormat } from 'aws-cdk-lib';
import { Grant, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { arnsElsewhere } from './state-machine.ts';

/**
 * The children of a Distributed Map are executions of the state machine itself. This is a separate policy because the
 * state machine depends on the policy of its role.
 * @param label the map's, part of the names of its child executions
 */
export function letItRunItself(scope: Construct, stateMachine: StateMachine, label: string): void {
  const { stateMachineArn, stateMachineName } = stateMachine;
  // AWS documents the first form for the executions of a Distributed Map; their ARNs have the second.
  const executions = ['', `/${label}`].map((map) =>
    FleetStack.of(scope).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${stateMachineName}${map}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const policy = new Policy(scope, 'RunsItself', {
    roles: [stateMachine.role],
    statements: [
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
        resources: executions,
      }),
    ],
  });
  for (const arn of executions)
    explainStar(policy, arn, 'Step Functions generates the names of a map’s children. The rest of their ARN is fixed.');
}

/** A token belongs to the state machine or to its map's children. AWS does not document which of the two it checks. */
export function letAnswer(grantee: IGrantable, stateMachine: StateMachine, label: string): void {
  // A task that was taken over answers a token of another region.
  const arns = [stateMachine.stateMachineArn, ...arnsElsewhere(stateMachine, 'stateMachine')];
  Grant.addToPrincipal({
    grantee,
    actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
    resourceArns: arns.flatMap((arn) => [arn, `${arn}/${label}`]),
  });
}
