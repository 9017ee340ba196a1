import { ArnFormat, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { fleetRegions, isGlobal } from '../regions.ts';
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
  const { config, region, stackName } = FleetStack.of(scope);
  const name = `${stackName}${logSuffix}`;
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  explain(role, {
    'IAM5[Resource::*]': 'The actions of X-Ray and of log delivery support no resources, only "*".',
  });
  const stateMachine = new StateMachine(scope, 'StateMachine', {
    ...(isNamedIn(config, region) && { stateMachineName: name }),
    definitionBody: definitionOf(scope, definition),
    definitionSubstitutions: wire(substitutions, role),
    role,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', {
        // Any other name adds to an account-wide resource policy that has room for about forty.
        logGroupName: `/aws/vendedlogs/states/${name}`,
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
  names.set(stateMachine, name);
  return stateMachine;
}

const names = new WeakMap<StateMachine, string>();

/**
 * Whether a region's state machines have names that the other regions know, which answer its task tokens and stop its
 * executions. A fleet that grew keeps those of its first region, since another name would replace them with their runs.
 */
const isNamedIn = (config: Config, region: string): boolean =>
  isGlobal(config) && (config.stateTable === undefined || region !== config.regions[0]);

/**
 * ARNs for what is done in the other regions of the fleet, to executions or to the state machine of the same name there.
 * None in a fleet of one region.
 * @param resource `stateMachine` or `execution`
 * @param end what follows the name @default nothing
 */
export function arnsElsewhere(stateMachine: StateMachine, resource: string, end = ''): readonly string[] {
  const stack = FleetStack.of(stateMachine);
  const { config } = stack;
  const resourceName = `${names.get(stateMachine)}${end}`;
  return config.regions
    .filter((region) => region !== stack.region && isNamedIn(config, region))
    .map((region) =>
      stack.formatArn({ service: 'states', region, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
    );
}

const EXECUTION = '$states.context.Execution.Name';

/**
 * The definition as a region has it. The id of a run is the name of its execution. In the regions of a fleet after the first
 * one it has the region in front, as the ids of tasks do, since each region may have an execution of that name.
 */
function definitionOf(scope: Construct, file: string): DefinitionBody {
  const { config, region } = FleetStack.of(scope);
  const home = fleetRegions(config).findIndex((each) => each.region === region);
  const name = fleetRegions(config)[home]?.name;
  if (!isGlobal(config) || home < 1 || name === undefined) return DefinitionBody.fromFile(file);
  return DefinitionBody.fromString(
    readFileSync(file, 'utf8').replaceAll(EXECUTION, () => `('${name}.' & ${EXECUTION})`),
  );
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
