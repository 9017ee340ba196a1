import { ArnFormat } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LoggingFunction } from '#functions/read-telemetry/env.ts';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';

/**
 * The beginnings of the names of the fleet's log groups, with permission to search them. CloudFormation names a log group
 * after its stack. Names instead of references keep the systems' stacks independent of each other.
 */
export function readingLogs(scope: Construct): Wire {
  const stack = FleetStack.of(scope);
  const prefixes = stacksBeside(stack).map(({ stackName }) => `${stackName}-`);
  const arn = (name: string): string =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return {
    value: prefixes.join(','),
    grantTo: (grantee) => {
      const groups = prefixes.map((prefix) => arn(`${prefix}*`));
      const all = arn('*');
      Grant.addToPrincipal({ grantee, actions: ['logs:FilterLogEvents'], resourceArns: groups });
      Grant.addToPrincipal({ grantee, actions: ['logs:DescribeLogGroups'], resourceArns: [all] });
      for (const group of groups)
        explainStar(scope, group, 'CloudFormation chooses the ends of the names of log groups.');
      explainStar(scope, all, 'The action of listing log groups supports no single ones.');
    },
  };
}

/** The stacks of the same environment and region, in the order of their names. */
function stacksBeside(stack: FleetStack): FleetStack[] {
  const beside = stack.node.root.node
    .findAll()
    .filter((each): each is FleetStack => each instanceof FleetStack)
    .filter(({ region, config }) => region === stack.region && config.prefix === stack.config.prefix);
  return beside.toSorted((one, other) => (one.stackName < other.stackName ? -1 : 1));
}

/**
 * The functions so far of the same environment and region, with the beginnings of the names of their log groups, for the
 * function that reads logs. It finds a crashed function's service and leaves out systems that are not concerned.
 */
export function loggingFunctions(scope: Construct, { pools }: Platform): readonly LoggingFunction[] {
  const stacks = new Set(stacksBeside(FleetStack.of(scope)));
  const functions = scope.node.root.node.findAll().filter((each) => each instanceof FleetFunction);
  return functions.flatMap((fn) => {
    const stack = FleetStack.of(fn);
    if (!stacks.has(stack)) return [];
    const agents = pools.flatMap((pool) => (FleetStack.of(pool) === stack ? [pool.agent.name] : []));
    const group = `${stack.stackName}-${stack.getLogicalId(fn.logs.node.defaultChild as CfnLogGroup)}-`;
    return [{ group, service: fn.service, agents }];
  });
}
