import { awsError, type Remedies } from '../aws-error.ts';
import { UserError } from '../user-error.ts';

interface NamedOutput {
  /** The prefix of the fleet's stacks, `prefix` in `config/<env>.json`. */
  readonly prefix: string;
  /** The last part of the stack's name, such as `platform`. */
  readonly system: string;
  readonly output: string;
}

/** An output of a deployed stack, with credentials and region from the AWS environment. Throws `UserError`. */
export async function deployedOutput({ prefix, system, output }: NamedOutput): Promise<string> {
  const StackName = `${prefix}-${system}`;
  // Loaded only here: other commands do without it.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient();
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const found = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output);
    if (found?.OutputValue !== undefined) return found.OutputValue;
  } catch (error) {
    throw awsError(error, REMEDIES);
  } finally {
    client.destroy();
  }
  throw new UserError(`The stack ${StackName} has no output ${output}.`, WHERE);
}

const WHERE = 'Check --prefix or FLEET_PREFIX against prefix in config/<env>.json, and the AWS region.';

const REMEDIES: Remedies = {
  ValidationError: WHERE,
  AccessDenied: 'Use credentials that may call cloudformation:DescribeStacks.',
};
