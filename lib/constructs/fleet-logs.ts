import { ArnFormat } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

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
