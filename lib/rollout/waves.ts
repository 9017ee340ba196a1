import { CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { TemplatesError } from '../diff/read-templates.ts';

/** Stacks that are deployed together: those of one region, or what all regions have together. */
export interface Wave {
  readonly name: string;
  /** Where its alarms are. */
  readonly region: string;
  /** Their ids in the assembly. */
  readonly stacks: readonly string[];
}

/** The stack of all regions, and those that need it. They come last, so nothing bakes after them. */
const GLOBAL = /-(global|edge)$/;

/**
 * The waves of an assembly in which a deploy of a fleet goes from region to region, in the order of the dependencies
 * between its stacks. Throws `TemplatesError` for a folder that is not an assembly.
 */
export function wavesOf(assembly: string): readonly Wave[] {
  const stacks = inOrder(read(assembly));
  const regions = [...new Set(stacks.map(({ environment }) => environment.region))];
  const isShared = ({ stackName }: CloudFormationStackArtifact) => GLOBAL.test(stackName);
  const shared = stacks.filter(isShared);
  const waves = regions.map((region) => ({
    name: region,
    region,
    stacks: stacks.filter((stack) => !isShared(stack) && stack.environment.region === region).map(({ id }) => id),
  }));
  const [first] = shared;
  const last = first && { name: 'global', region: first.environment.region, stacks: shared.map(({ id }) => id) };
  return [...waves.filter((wave) => wave.stacks.length > 0), ...(last ? [last] : [])];
}

function read(assembly: string): readonly CloudFormationStackArtifact[] {
  try {
    return new CloudAssembly(assembly).stacks;
  } catch (error) {
    throw new TemplatesError(`${assembly} is not a folder that cdk synth wrote: ${(error as Error).message}.`);
  }
}

/** Each stack after those that it depends on. */
function inOrder(stacks: readonly CloudFormationStackArtifact[]): readonly CloudFormationStackArtifact[] {
  const ordered = new Set<CloudFormationStackArtifact>();
  const add = (stack: CloudFormationStackArtifact): void => {
    if (ordered.has(stack)) return;
    for (const before of stacks.filter((each) => stack.dependencies.includes(each))) add(before);
    ordered.add(stack);
  };
  stacks.forEach(add);
  return [...ordered];
}
