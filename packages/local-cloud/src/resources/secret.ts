import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

const generate = z.strictObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: cfnNumber.default(32),
  ExcludePunctuation: cfnBoolean.optional(),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: cfnBoolean.optional(),
  ExcludeNumbers: cfnBoolean.optional(),
  ExcludeUppercase: cfnBoolean.optional(),
  IncludeSpace: cfnBoolean.optional(),
  RequireEachIncludedType: cfnBoolean.optional(),
});

export const secret = resourceType(
  'AWS::SecretsManager::Secret',
  z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    SecretString: z.string().optional(),
    GenerateSecretString: generate.optional(),
    KmsKeyId: ignored,
    ReplicaRegions: ignored,
    Tags: ignored,
  }),
  async (given, context) => {
    const name = given.Name ?? context.physicalName(256);
    const { secrets } = context.host;
    // The caller need not know the prefix, as in `fleet-dev/model-api-key`.
    const shortName = name.slice(name.lastIndexOf('/') + 1);
    const wanted = secrets[name] ?? secrets[shortName] ?? secrets[context.logicalId];
    const Description = given.Description;
    const SecretString =
      wanted === undefined ? (given.SecretString ?? generated(given.GenerateSecretString)) : undefined;
    const created = await context.call('secretsmanager', 'CreateSecret', { Name: name, Description, SecretString });
    if (wanted !== undefined) context.host.sealSecret(name, wanted);
    else if (given.SecretString !== undefined) await changeValue(name, given.SecretString, context);
    const arn = String(created['ARN']);
    return { ref: arn, attributes: { Id: arn } };
  },
);

/** Updates an existing secret, because `CreateSecret` keeps its value and that of the template may have changed. */
async function changeValue(SecretId: string, SecretString: string, context: ResourceContext): Promise<void> {
  const { SecretString: before } = await context.call('secretsmanager', 'GetSecretValue', { SecretId });
  if (before !== SecretString) await context.call('secretsmanager', 'PutSecretValue', { SecretId, SecretString });
}

/** Generates a password with the given length and alphabet, alone or within the JSON of the template. */
function generated(rules: z.output<typeof generate> | undefined): string {
  const { SecretStringTemplate, GenerateStringKey, PasswordLength, ...exclude } = rules ?? generate.parse({});
  const alphabet = [
    exclude.ExcludeLowercase === true ? '' : 'abcdefghijklmnopqrstuvwxyz',
    exclude.ExcludeUppercase === true ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    exclude.ExcludeNumbers === true ? '' : '0123456789',
    exclude.ExcludePunctuation === true ? '' : '!#$%&()*+,-./:;<=>?@[]^_{|}~',
    exclude.IncludeSpace === true ? ' ' : '',
  ]
    .join('')
    .split('')
    .filter((character) => !exclude.ExcludeCharacters.includes(character));
  const password = [...randomBytes(PasswordLength * 2)]
    .slice(0, PasswordLength)
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(SecretStringTemplate) as object), [GenerateStringKey]: password });
}
