import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ROOT, ServiceError } from '../services/service.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType, tags } from './resource.ts';
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
    Tags: tags,
  }),
  async (given, context) => {
    const name = given.Name ?? context.physicalName(256);
    const { secrets } = context.host;
    const wanted = secrets[name] ?? secrets[context.logicalId] ?? given.SecretString;
    const arn = await existingArn(name, context);
    if (arn === undefined) {
      const SecretString = wanted ?? generated(given.GenerateSecretString);
      const created = await context.call('secretsmanager', 'CreateSecret', { Name: name, SecretString });
      return provisioned(String(created['ARN']));
    }
    // A generated value stays what it is; a given one is set anew, since it may have changed.
    if (wanted !== undefined) {
      await context.call('secretsmanager', 'PutSecretValue', { SecretId: name, SecretString: wanted });
    }
    return provisioned(arn);
  },
);

function provisioned(arn: string) {
  return { ref: arn, attributes: { Id: arn } };
}

async function existingArn(SecretId: string, { host }: ResourceContext): Promise<string | undefined> {
  try {
    return String((await host.call('secretsmanager', 'DescribeSecret', { SecretId }, ROOT))['ARN']);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** A password of the asked length and alphabet, alone or in the template's JSON. */
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
