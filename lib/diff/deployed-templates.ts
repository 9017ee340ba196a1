import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { parseTemplate, TemplatesError, type Template } from './read-templates.ts';

/** A stack of an assembly: where it is, or would be, deployed. */
export interface AssemblyStack {
  /** The name of its template in the assembly, such as `fleet-prod-api-us-east-1`. */
  readonly id: string;
  readonly stackName: string;
  readonly region: string;
}

/** What is asked of CloudFormation. */
export interface DeployedStacks {
  /** The stack's status; undefined when it does not exist. */
  status(place: AssemblyStack): Promise<string | undefined>;
  /** The text of its template. */
  template(place: AssemblyStack): Promise<string>;
}

/** A stack whose creation failed was never deployed, although CloudFormation has its template. */
const NEVER_DEPLOYED = /^(REVIEW_IN_PROGRESS|CREATE_FAILED|ROLLBACK_\w+|DELETE_\w+)$/;

/** The stacks of an assembly, such as `cdk.out`, in all their regions. Throws `TemplatesError`. */
export function stacksOf(assembly: string): readonly AssemblyStack[] {
  try {
    return new CloudAssembly(assembly).stacks.map(({ id, stackName, environment }) => ({
      id,
      stackName,
      region: environment.region,
    }));
  } catch (error) {
    throw new TemplatesError(`${assembly} is not a folder that cdk synth wrote: ${(error as Error).message}.`);
  }
}

/** The deployed templates of the stacks, by id. A stack that is not deployed yet is left out. Throws `TemplatesError`. */
export async function deployedTemplates(
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks = cloudFormation(),
): Promise<ReadonlyMap<string, Template>> {
  const templates = await Promise.all(
    stacks.map(async (place): Promise<[string, Template][]> => {
      const status = await deployed.status(place);
      if (status === undefined || NEVER_DEPLOYED.test(status)) return [];
      return [[place.id, parseTemplate(`The template of ${place.stackName}`, await deployed.template(place))]];
    }),
  );
  return new Map(templates.flat());
}

/** @param clientFor the client of a region */
export function cloudFormation(
  clientFor: (region: string) => CloudFormationClient = (region) => new CloudFormationClient({ region }),
): DeployedStacks {
  return {
    async status({ stackName: StackName, region }) {
      try {
        const { Stacks = [] } = await clientFor(region).send(new DescribeStacksCommand({ StackName }));
        return Stacks[0]?.StackStatus;
      } catch (error) {
        if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
        throw unreadable(StackName, region, error);
      }
    },
    async template({ stackName: StackName, region }) {
      try {
        const { TemplateBody = '' } = await clientFor(region).send(
          new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
        );
        return TemplateBody;
      } catch (error) {
        throw unreadable(StackName, region, error);
      }
    },
  };
}

const unreadable = (stack: string, region: string, error: unknown): TemplatesError =>
  new TemplatesError(`The stack ${stack} in ${region} cannot be read: ${(error as Error).message}`);
