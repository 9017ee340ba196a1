import { AssemblyError } from './errors.ts';
import { NO_VALUE, resolve } from './intrinsics.ts';
import type { Scope } from './intrinsics.ts';
import type { StackArtifact } from './manifest.ts';
import { parameterValues } from './parameters.ts';

/** The `Ref` and `Fn::GetAtt` values of a provisioned resource. */
export interface Provisioned {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A stack while it is provisioned. Resolves values against the resources provisioned so far. */
export interface StackScope {
  readonly name: string;
  resolve(value: unknown, where: string): unknown;
  condition(name: string): boolean;
  /** Adds a provisioned resource, so that later resources can refer to it. */
  add(logicalId: string, provisioned: Provisioned): void;
}

/** The location of the stacks, and their exports and outputs so far. */
export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Values by export name. Those of a stack are added once it is provisioned. */
  readonly exports: Map<string, unknown>;
  /** Outputs by stack name. Those of a stack are added once it is provisioned. */
  readonly outputs: Map<string, Readonly<Record<string, unknown>>>;
}

/** Opens a stack for provisioning. Throws an `AssemblyError` when a parameter has no valid value. */
export function openStack(stack: StackArtifact, deployment: Deployment): StackScope {
  const { template, name } = stack;
  const parameters = parameterValues(stack, deployment.parameters);
  const pseudo = pseudoParameters(name, deployment);
  const resources = new Map<string, Provisioned>();
  const conditions = new Map<string, boolean>();

  const scopeAt = (where: string): Scope => ({
    where,
    region: deployment.region,
    ref: (target) => {
      const value = parameters.get(target) ?? pseudo.get(target) ?? resources.get(target)?.ref;
      if (value !== undefined) return value;
      throw new AssemblyError(where, `refers to ${target}, which ${missing(target)}.`);
    },
    attribute: (target, attribute) => {
      const resource = resources.get(target);
      if (resource === undefined) throw new AssemblyError(where, `refers to ${target}, which ${missing(target)}.`);
      const value = resource.attributes[attribute];
      if (value !== undefined) return value;
      const known = Object.keys(resource.attributes).join(', ') || 'none';
      const type = template.Resources[target]?.Type ?? 'its type';
      throw new AssemblyError(where, `${type} does not support the attribute ${attribute} (${target} has: ${known}).`);
    },
    condition,
    mapping: (map, first, second) => {
      const value = template.Mappings[map]?.[first]?.[second];
      if (value === undefined) throw new AssemblyError(where, `the mapping ${map} has no entry ${first}, ${second}.`);
      return value;
    },
    ...ofOtherStacks(deployment, where),
  });

  function missing(target: string): string {
    const resource = template.Resources[target];
    if (resource === undefined) return 'is not in the template';
    return resource.Condition === undefined
      ? 'is not provisioned yet'
      : `does not exist because its condition ${resource.Condition} is false`;
  }

  function condition(target: string): boolean {
    const known = conditions.get(target);
    if (known !== undefined) return known;
    const expression = template.Conditions[target];
    const where = `${name}/Conditions.${target}`;
    if (expression === undefined) throw new AssemblyError(where, 'is not a condition of the template.');
    const value = resolve(expression, scopeAt(where)) === true;
    conditions.set(target, value);
    return value;
  }

  return {
    name,
    resolve: (value, where) => resolve(value, scopeAt(where)),
    condition,
    add: (logicalId, provisioned) => void resources.set(logicalId, provisioned),
  };
}

/** Looks up exports and outputs of earlier stacks. */
function ofOtherStacks(deployment: Deployment, where: string): Pick<Scope, 'imported' | 'outputOf'> {
  return {
    imported: (exportName) => {
      const value = deployment.exports.get(exportName);
      if (value !== undefined) return value;
      throw new AssemblyError(where, `imports ${exportName}, which no earlier stack exports.`);
    },
    outputOf: (stack, output) => {
      const value = deployment.outputs.get(stack)?.[output];
      if (value !== undefined) return value;
      throw new AssemblyError(where, `reads the output ${output} of ${stack}, which no earlier stack has.`);
    },
  };
}

/** Returns the outputs of a stack whose resources are provisioned, and adds its exports for later stacks. */
export function stackOutputs(stack: StackArtifact, scope: StackScope, deployment: Deployment): Record<string, string> {
  const outputs: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [name, output] of Object.entries(stack.template.Outputs)) {
    if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
    const where = `${stack.name}/Outputs.${name}`;
    const value = scope.resolve(output.Value, where);
    values[name] = value;
    outputs[name] = typeof value === 'string' ? value : JSON.stringify(value);
    if (output.Export !== undefined) deployment.exports.set(String(scope.resolve(output.Export.Name, where)), value);
  }
  deployment.outputs.set(stack.name, values);
  return outputs;
}

function pseudoParameters(stack: string, { account, region }: Deployment): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['AWS::AccountId', account],
    ['AWS::Region', region],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', stack],
    ['AWS::StackId', `arn:aws:cloudformation:${region}:${account}:stack/${stack}/local`],
    ['AWS::NotificationARNs', []],
    ['AWS::NoValue', NO_VALUE],
  ]);
}
