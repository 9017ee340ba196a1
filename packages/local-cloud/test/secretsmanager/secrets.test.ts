import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import type { GetSecretValueCommandInput } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { createSecretsManager } from '../../src/services/secretsmanager/service.ts';
import { ROOT } from '../../src/services/service.ts';
import type { Service } from '../../src/services/service.ts';
import { judge, notOurs } from '../../testing/judge.ts';
import { serve, temporaryFolder } from '../../testing/serve.ts';

async function start(options: { dataDir?: string; now?: () => number } = {}) {
  const create = () => createSecretsManager({ account: '000000000000', region: 'us-east-1', ...options });
  const other = await judge(options);
  const served = other ? { ...other, service: notOurs<Service>(), close: async () => undefined } : await serve(create);
  onTestFinished(() => served.close());
  const client = new SecretsManagerClient(served.client);
  const get = (SecretId: string, more: Partial<GetSecretValueCommandInput> = {}) =>
    client.send(new GetSecretValueCommand({ SecretId, ...more }));
  return { client, get, service: served.service };
}

test('finds a secret by name, ARN and ARN without its suffix', async () => {
  const { client, get } = await start();
  const created = await client.send(new CreateSecretCommand({ Name: 'fleet/model-key', SecretString: 'sk-1' }));
  expect(created.ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:fleet\/model-key-[A-Za-z0-9]{6}$/);
  const arn = created.ARN ?? '';
  for (const id of ['fleet/model-key', arn, arn.slice(0, -7)]) {
    const got = await get(id);
    expect(got).toMatchObject({
      SecretString: 'sk-1',
      ARN: arn,
      Name: 'fleet/model-key',
      VersionStages: ['AWSCURRENT'],
    });
  }
  await expect(get('other')).rejects.toBeInstanceOf(ResourceNotFoundException);
  const again = new CreateSecretCommand({ Name: 'fleet/model-key' });
  await expect(client.send(again)).rejects.toBeInstanceOf(ResourceExistsException);
});

test('a new value becomes current and the previous one is kept', async () => {
  const { client, get } = await start();
  const first = await client.send(new CreateSecretCommand({ Name: 'key', SecretString: 'one' }));
  await client.send(new PutSecretValueCommand({ SecretId: 'key', SecretBinary: new Uint8Array([1, 2]) }));
  expect((await get('key')).SecretBinary).toEqual(new Uint8Array([1, 2]));
  expect((await get('key', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
  expect((await get('key', { VersionId: first.VersionId })).SecretString).toBe('one');
  await client.send(new UpdateSecretCommand({ SecretId: 'key', SecretString: 'three', Description: 'the third' }));
  expect((await get('key')).SecretString).toBe('three');
  await expect(get('key', { VersionId: first.VersionId })).rejects.toBeInstanceOf(ResourceNotFoundException);
  const described = await client.send(new DescribeSecretCommand({ SecretId: 'key' }));
  expect(described.Description).toBe('the third');
  expect(Object.values(described.VersionIdsToStages ?? {}).flat()).toEqual(['AWSPREVIOUS', 'AWSCURRENT']);
});

test('repeating a request token changes nothing', async () => {
  const { client } = await start();
  await client.send(new CreateSecretCommand({ Name: 'key' }));
  const ClientRequestToken = 'a'.repeat(32);
  const put = (SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId: 'key', SecretString, ClientRequestToken }));
  const first = await put('one');
  expect((await put('one')).VersionId).toBe(first.VersionId);
  await expect(put('two')).rejects.toBeInstanceOf(ResourceExistsException);
});

test('restores a deleted secret until its recovery window ends', async () => {
  let now = Date.UTC(2026, 0, 1);
  const { client, get } = await start({ now: () => now });
  await client.send(new CreateSecretCommand({ Name: 'key', SecretString: 'x' }));
  const remove = () => client.send(new DeleteSecretCommand({ SecretId: 'key', RecoveryWindowInDays: 7 }));
  expect((await remove()).DeletionDate).toEqual(new Date(now + 7 * 86_400_000));
  await expect(get('key')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await client.send(new RestoreSecretCommand({ SecretId: 'key' }));
  expect((await get('key')).SecretString).toBe('x');
  await remove();
  now += 7 * 86_400_000;
  await expect(get('key')).rejects.toBeInstanceOf(ResourceNotFoundException);
  await client.send(new CreateSecretCommand({ Name: 'key', SecretString: 'y' }));
  await client.send(new DeleteSecretCommand({ SecretId: 'key', ForceDeleteWithoutRecovery: true }));
  await expect(get('key')).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('a forced deletion succeeds for a secret that is marked for deletion, deleted, or never existed', async () => {
  const { client, get } = await start();
  const created = await client.send(new CreateSecretCommand({ Name: 'key', SecretString: 'x' }));
  await client.send(new DeleteSecretCommand({ SecretId: 'key' }));
  const force = (SecretId: string) =>
    client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  expect(await force('key')).toMatchObject({ ARN: created.ARN, Name: 'key' });
  await expect(get('key')).rejects.toBeInstanceOf(ResourceNotFoundException);
  for (const SecretId of ['key', 'never', created.ARN ?? '']) {
    const deleted = await force(SecretId);
    expect(deleted.ARN).toContain(':secret:');
    expect(deleted.DeletionDate).toBeInstanceOf(Date);
  }
  await expect(client.send(new DeleteSecretCommand({ SecretId: 'never' }))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
  expect((await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true }))).SecretList).toEqual([]);
});

test('lists secrets by name in pages', async () => {
  const { client } = await start();
  for (const Name of ['b/2', 'a/1', 'b/1']) await client.send(new CreateSecretCommand({ Name }));
  const first = await client.send(new ListSecretsCommand({ MaxResults: 2 }));
  const second = await client.send(new ListSecretsCommand({ MaxResults: 2, NextToken: first.NextToken }));
  const names = [...(first.SecretList ?? []), ...(second.SecretList ?? [])].map((secret) => secret.Name);
  expect(names).toEqual(['a/1', 'b/1', 'b/2']);
  const filtered = await client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['b/'] }] }));
  expect(filtered.SecretList).toHaveLength(2);
});

test('keeps values through a restart in a file that only its owner can read, and provisioning does not change them', async () => {
  const dataDir = temporaryFolder();
  const before = await start({ dataDir });
  const provision = (service: typeof before.service, SecretString: string) =>
    service.invoke('CreateSecret', { Name: 'key', SecretString, Description: 'the key' }, ROOT);
  const created = await provision(before.service, 'generated');
  await before.client.send(new PutSecretValueCommand({ SecretId: 'key', SecretString: 'put in by a person' }));
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  const after = await start({ dataDir });
  expect((await provision(after.service, 'generated again'))['ARN']).toBe(created['ARN']);
  expect((await after.get('key')).SecretString).toBe('put in by a person');
});

test('rejects unknown parameters and actions', async () => {
  const { client, service } = await start();
  const replicated = new CreateSecretCommand({ Name: 'key', AddReplicaRegions: [{ Region: 'eu-west-1' }] });
  await expect(client.send(replicated)).rejects.toThrow('AddReplicaRegions');
  await expect(service.invoke('RotateSecret', {}, ROOT)).rejects.toMatchObject({ code: 'InvalidAction' });
});
