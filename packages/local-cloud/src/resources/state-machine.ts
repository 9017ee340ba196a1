import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import { ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

const properties = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionS3Location: z
    .strictObject({ Bucket: z.string(), Key: z.string(), Version: z.string().optional() })
    .optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  /** The history of an execution already contains what logs and traces would. */
  LoggingConfiguration: ignored,
  TracingConfiguration: ignored,
  EncryptionConfiguration: ignored,
  Tags: ignored,
});

export const stateMachine = resourceType('AWS::StepFunctions::StateMachine', properties, async (given, context) => {
  const name = given.StateMachineName ?? context.physicalName(80);
  const arn = context.arn('states', `stateMachine:${name}`);
  const definition = substituted(definitionText(given, context), given.DefinitionSubstitutions);
  const { RoleArn: roleArn, StateMachineType: type } = given;
  context.identity(arn, roleArn, 'states.amazonaws.com');
  await context.call('states', 'CreateStateMachine', { name, definition, roleArn, type });
  return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: 'INITIAL' } };
});

function definitionText(given: z.output<typeof properties>, { host, where }: ResourceContext): string {
  if (given.DefinitionString !== undefined) return given.DefinitionString;
  if (given.Definition !== undefined) return JSON.stringify(given.Definition);
  const key = given.DefinitionS3Location?.Key;
  if (key === undefined)
    throw new AssemblyError(where, 'has no definition. Set DefinitionS3Location, DefinitionString or Definition.');
  const file = host.assets.get(key);
  if (file === undefined)
    throw new AssemblyError(where, `the asset ${key} is missing from the assembly. Run \`npx cdk synth\` again.`);
  return readFileSync(file, 'utf8');
}

/** Replaces `${Name}` for the given names only, as CloudFormation does. */
function substituted(definition: string, substitutions: Readonly<Record<string, string>>): string {
  return definition.replaceAll(/\$\{([\w-]+)\}/g, (match, name: string) => substitutions[name] ?? match);
}
