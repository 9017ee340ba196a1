import { awsError, type Remedies } from '../aws-error.ts';
import { UserError, wrongUsage } from '../user-error.ts';

interface Deployed {
  /** The prefix of the fleet's stacks, `prefix` in `config/<env>.json`. */
  readonly prefix: string;
  /** The last part of the stack's name, such as `platform`. */
  readonly system: string;
  /** Where the stack is. @default the region of the AWS environment */
  readonly region?: string;
}

/** Outputs of a deployed stack by name, with credentials from the AWS environment. Throws `UserError`. */
export async function deployedOutputs<Name extends string>(
  deployed: Deployed,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const outputs = await outputsOf(deployed);
  const missing = names.find((name) => outputs[name] === undefined);
  if (missing !== undefined) throw new UserError(`The stack ${nameOf(deployed)} has no output ${missing}.`, WHERE);
  return Object.fromEntries(names.map((name) => [name, outputs[name]])) as Record<Name, string>;
}

/**
 * The same of the platform's stack of a fleet of one region. Of a fleet of three regions it throws wrong usage: what is
 * written into one of them must go where the home is held.
 */
export async function platformOutputs<Name extends string>(
  prefix: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const deployed = { prefix, system: 'platform' };
  const { Regions: regions } = await outputsOf(deployed);
  if (regions !== undefined)
    throw wrongUsage(
      `${prefix} is a fleet of the regions ${regions}.`,
      'Give --env NAME, the name of its file in config/, and neither --prefix nor FLEET_PREFIX.',
    );
  return deployedOutputs(deployed, names);
}

async function outputsOf(deployed: Deployed): Promise<Readonly<Partial<Record<string, string>>>> {
  // Loaded only here: other commands do without it.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const { region } = deployed;
  const client = new CloudFormationClient(region === undefined ? {} : { region, maxAttempts: 2 });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: nameOf(deployed) }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    client.destroy();
  }
}

const nameOf = ({ prefix, system }: Deployed): string => `${prefix}-${system}`;

const WHERE = 'Check --prefix or FLEET_PREFIX against prefix in config/<env>.json, and the AWS region.';

const REMEDIES: Remedies = {
  ValidationError: WHERE,
  AccessDenied: 'Use credentials that may call cloudformation:DescribeStacks.',
};
