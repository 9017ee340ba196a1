import { DeleteApiKeyCommand, GetApiKeysCommand } from '@aws-sdk/client-api-gateway';
import { ListStacksCommand, type StackStatus } from '@aws-sdk/client-cloudformation';
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Cdk } from '../cdk.ts';
import type { Clients } from '../clients.ts';
import type { Cloud } from '../cloud.ts';
import { resourcesOf, type DeployedResource } from '../stack-resources.ts';

const SOME: readonly StackStatus[] = [
  'CREATE_IN_PROGRESS',
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
];

/** The prefix's stacks that exist. */
async function stacksOf({ cloudformation }: Clients, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudformation.send(new ListStacksCommand({ StackStatusFilter: [...SOME], NextToken }));
    names.push(...(page.StackSummaries ?? []).map(({ StackName = '' }) => StackName));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return [...new Set(names)].filter((name) => name.startsWith(`${prefix}-`));
}

/**
 * Removes the prefix's stacks, and what they keep: secrets, buckets, API keys. Returns what could not be removed.
 * @param assembly with these stacks
 */
export async function removeAll(
  { cdk, clients, cloud }: { readonly cdk: Cdk; readonly clients: Clients; readonly cloud: Cloud },
  prefix: string,
  assembly: string,
): Promise<readonly string[]> {
  const resources = await resourcesOf(clients, await stacksOf(clients, prefix));
  const left: string[] = [];
  const attempt = async (what: string, act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      const { name, message } = error as Error;
      if (!/NotFound|NoSuch/.test(name)) left.push(`${what}: ${message.split('\n')[0]}`);
    }
  };
  await attempt('API keys', () => removeApiKeys(clients, prefix));
  for (const SecretId of physical(resources, 'AWS::SecretsManager::Secret'))
    await attempt(SecretId, () =>
      clients.secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })),
    );
  await attempt('stacks', () => cdk.destroy(assembly, cloud));
  for (const Bucket of physical(resources, 'AWS::S3::Bucket'))
    await attempt(`bucket ${Bucket}`, () => removeBucket(clients, Bucket));
  return [...left, ...(await stacksOf(clients, prefix)).map((name) => `stack ${name}`)];
}

const physical = (resources: readonly DeployedResource[], type: string): readonly string[] =>
  resources.flatMap(({ ResourceType, PhysicalResourceId }) =>
    ResourceType === type && PhysicalResourceId !== '' ? [PhysicalResourceId] : [],
  );

/** The description that marks the API keys of one check. They belong to no stack. */
export const keyMark = (prefix: string): string => `made by check:aws for ${prefix}`;

async function removeApiKeys({ apigateway }: Clients, prefix: string): Promise<void> {
  const { items = [] } = await apigateway.send(new GetApiKeysCommand({ limit: 500 }));
  for (const { id: apiKey, description } of items)
    if (description === keyMark(prefix)) await apigateway.send(new DeleteApiKeyCommand({ apiKey }));
}

/** With all versions. In dev the audit trail's locks are in governance mode, which the account may bypass. */
async function removeBucket({ s3 }: Clients, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const Delete = { Objects, Quiet: true };
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete, BypassGovernanceRetention: true }),
    );
    if (Errors[0]) throw new Error(`${Errors.length} objects stay, such as ${Errors[0].Key}: ${Errors[0].Message}`);
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
