import { awsError, type Remedies } from '../aws-error.ts';
import { UserError } from '../user-error.ts';

interface Deployed {
  /** The prefix of the fleet's stacks, `prefix` in `config/<env>.json`. */
  readonly prefix: string;
  /** The last part of the stack's name, such as `platform`. */
  readonly system: string;
}

/** Outputs of a deployed stack by name, with credentials and region from the AWS environment. Throws `UserError`. */
export async function deployedOutputs<Name extends string>(
  { prefix, system }: Deployed,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const StackName = `${prefix}-${system}`;
  // Loaded only here: other commands do without it.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient();
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const values = new Map(Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    const missing = names.find((name) => values.get(name) === undefined);
    if (missing !== undefined) throw new UserError(`The stack ${StackName} has no output ${missing}.`, WHERE);
    return Object.fromEntries(names.map((name) => [name, values.get(name)])) as Record<Name, string>;
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    client.destroy();
  }
}

const WHERE = 'Check --prefix or FLEET_PREFIX against prefix in config/<env>.json, and the AWS region.';

const REMEDIES: Remedies = {
  ValidationError: WHERE,
  AccessDenied: 'Use credentials that may call cloudformation:DescribeStacks.',
};
