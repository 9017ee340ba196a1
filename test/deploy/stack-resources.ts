import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import type { Clients } from './clients.ts';

export interface StackResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
}

export interface DeployedResource extends StackResource {
  /** The stack's name. */
  readonly stack: string;
}

/** A resource's name for both judges. It includes the stack, because several stacks have the same logical ids. */
export const nameOfResource = ({ stack, LogicalResourceId }: DeployedResource): string =>
  `${stack}/${LogicalResourceId}`;

/** Returns the resources of the stacks. */
export async function resourcesOf(
  { cloudformation }: Pick<Clients, 'cloudformation'>,
  stacks: readonly string[],
): Promise<readonly DeployedResource[]> {
  const all = stacks.map(async (stack) => {
    const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: stack }));
    return StackResources.map(
      ({ LogicalResourceId = '', PhysicalResourceId = '', ResourceType = '', ResourceStatus = '' }) => ({
        LogicalResourceId,
        PhysicalResourceId,
        ResourceType,
        ResourceStatus,
        stack,
      }),
    );
  });
  return (await Promise.all(all)).flat();
}
