import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { granting, wire, type Wire } from '../wiring.ts';
import { alarm, type AlarmNotice } from './alarm.ts';

export interface StateMachineParts {
  /** The file of its definition. */
  readonly definition: string;
  /** Values of the definition's `${…}`, each with the permissions that it needs. */
  readonly substitutions: Readonly<Record<string, string | Wire>>;
  /** The end of its log group's name, for a further state machine of a stack. @default none */
  readonly logSuffix?: string;
}

/** A state machine with its role, log and traces. */
export function makeStateMachine(
  scope: Construct,
  { definition, substitutions, logSuffix = '' }: StateMachineParts,
): StateMachine {
  const { config, stackName } = FleetStack.of(scope);
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  explain(role, {
    'IAM5[Resource::*]': 'The actions of X-Ray and of log delivery support no resources, only "*".',
  });
  const stateMachine = new StateMachine(scope, 'StateMachine', {
    definitionBody: DefinitionBody.fromFile(definition),
    definitionSubstitutions: wire(substitutions, role),
    role,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', {
        // Any other name adds to an account-wide resource policy that has room for about forty.
        logGroupName: `/aws/vendedlogs/states/${stackName}${logSuffix}`,
        retention: config.logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ERROR,
      includeExecutionData: false,
    },
  });
  explain(stateMachine, {
    SF1: 'The execution history has each step for 90 days. The log is for failures.',
  });
  return stateMachine;
}

/**
 * Rings when an execution fails or times out.
 * @param what begins a sentence, such as `A run`
 * @param remedy what to do, a sentence
 */
export function watchExecutions(
  scope: Construct,
  { stateMachineArn }: StateMachine,
  { what, remedy, ...notice }: Omit<AlarmNotice, 'says'> & { readonly what: string; readonly remedy: string },
): void {
  const failures = { Failed: 'failed', TimedOut: 'timed out' };
  for (const [how, words] of Object.entries(failures)) {
    alarm(scope, `Executions${how}`, {
      metric: new Metric({
        namespace: 'AWS/States',
        metricName: `Executions${how}`,
        dimensionsMap: { StateMachineArn: stateMachineArn },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      says: `${what} ${words}. Its execution shows the cause. ${remedy}`,
      ...notice,
    });
  }
}

/** For whoever invokes a function, by its alias. */
export const invoking = ({ live }: { readonly live: IFunction }): Wire =>
  granting('lambda:InvokeFunction', live.functionArn);
