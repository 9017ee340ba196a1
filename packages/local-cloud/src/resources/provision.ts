import { AssemblyError } from '../assembly/errors.ts';
import type { StackArtifact } from '../assembly/manifest.ts';
import { provisioningOrder } from '../assembly/order.ts';
import { openStack, stackOutputs } from '../assembly/stack.ts';
import type { Deployment, Provisioned } from '../assembly/stack.ts';
import { ServiceError } from '../services/service.ts';
import { resourceContext } from './resource.ts';
import type { ResourceHost } from './resource.ts';
import { globalTable, hasReplicaIn } from './table.ts';
import { resourceTypeOf } from './types.ts';

/** A provisioned resource with its resolved properties. */
export interface RegisteredResource extends Provisioned {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: unknown;
}

/** A provisioned stack. */
export interface ProvisionedStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly RegisteredResource[];
}

/**
 * Provisions the resources of a stack, each after its dependencies. Existing resources stay. Throws an `AssemblyError`
 * before creating anything when a resource type is not supported.
 */
export async function provisionStack(
  stack: StackArtifact,
  deployment: Deployment,
  host: ResourceHost,
): Promise<ProvisionedStack> {
  checkTypes(stack);
  const scope = openStack(stack, deployment);
  const resources: RegisteredResource[] = [];
  for (const logicalId of provisioningOrder(stack.name, stack.template.Resources)) {
    const declared = stack.template.Resources[logicalId];
    const type = declared === undefined ? undefined : resourceTypeOf(declared.Type, logicalId);
    if (declared === undefined || type === undefined) continue;
    if (declared.Condition !== undefined && !scope.condition(declared.Condition)) continue;
    const where = `${stack.name}/${logicalId}`;
    const properties = scope.resolve(declared.Properties, where);
    try {
      const provisioned = await type.provision(properties, resourceContext(host, stack.name, logicalId));
      scope.add(logicalId, provisioned);
      resources.push({ stack: stack.name, logicalId, type: declared.Type, properties, ...provisioned });
      const physicalId = provisioned.ref;
      host.onEvent({ code: 'resource.created', stack: stack.name, logicalId, type: declared.Type, physicalId });
    } catch (error) {
      if (error instanceof ServiceError) throw new AssemblyError(where, `${error.code}: ${error.message}`);
      throw error;
    }
  }
  return { outputs: stackOutputs(stack, scope, deployment), resources };
}

/** What a replica is made of. The other properties may refer to resources of the table's own region. */
const OF_REPLICAS = new Set([
  'AttributeDefinitions',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'MultiRegionConsistency',
  'Replicas',
  'TableName',
  'TimeToLiveSpecification',
]);

/** Provisions the replicas in this region of the global tables that a stack of another region declares. */
export async function provisionTables(
  stack: StackArtifact,
  deployment: Deployment,
  host: ResourceHost,
): Promise<readonly RegisteredResource[]> {
  const resources: RegisteredResource[] = [];
  const scope = openStack(stack, { ...deployment, region: stack.region ?? deployment.region });
  for (const [logicalId, declared] of Object.entries(stack.template.Resources)) {
    if (declared.Type !== globalTable.type) continue;
    if (declared.Condition !== undefined && !scope.condition(declared.Condition)) continue;
    const where = `${stack.name}/${logicalId}`;
    const kept = Object.entries(declared.Properties).filter(([name]) => OF_REPLICAS.has(name));
    const properties = scope.resolve(Object.fromEntries(kept), where);
    if (!hasReplicaIn(host.region, properties)) continue;
    const provisioned = await globalTable.provision(properties, resourceContext(host, stack.name, logicalId));
    resources.push({ stack: stack.name, logicalId, type: declared.Type, properties, ...provisioned });
  }
  return resources;
}

function checkTypes(stack: StackArtifact): void {
  for (const [logicalId, { Type }] of Object.entries(stack.template.Resources)) {
    if (resourceTypeOf(Type, logicalId) !== undefined) continue;
    const remedy =
      'Remove the resource from this environment, or add the type to packages/local-cloud/src/resources/types.ts.';
    throw new AssemblyError(`${stack.name}/${logicalId}`, `the resource type ${Type} is not supported. ${remedy}`);
  }
}
