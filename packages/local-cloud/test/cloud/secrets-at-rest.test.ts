import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { functionResource, startFixture, type Fixture } from '../../testing/cloud.ts';

/** The key of a paid API is in memory only, and no file of the cloud can be read by another user. */

const KEY = 'sk-ant-a-real-key';
const Name = 'fleet-dev/model-api-key';
const fixture: Fixture = {
  resources: {
    Key: { Type: 'AWS::SecretsManager::Secret', Properties: { Name } },
    Other: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'other' } },
    Worker: functionResource('worker'),
    Stranger: functionResource('stranger'),
  },
  code: {
    // Only the role may read the secret: it asks in-process, by its policies.
    worker: `export const handler = async () => 'ran';`,
    stranger: `export const handler = async () => Object.values(process.env);`,
  },
  grants: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'Key' } }],
};

function home(): string {
  const root = mkdtempSync(join(tmpdir(), 'fleet-secrets-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const clientOf = (cloud: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } }) => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: cloud.credentials,
});

const filesWith = (folder: string, text: string): string[] =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));

test('a given key is served to its roles, not to the user, and never written', async () => {
  const root = home();
  const cloud = await startFixture(fixture, { root, secrets: { 'model-api-key': KEY } });
  onTestFinished(() => cloud.close());
  const secrets = new SecretsManagerClient(clientOf(cloud));
  for (const SecretId of [Name, cloud.resources.find(({ logicalId }) => logicalId === 'Key')?.ref ?? '']) {
    await expect(secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  }
  const change = { name: 'InvalidRequestException' };
  await expect(secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString: 'x' }))).rejects.toMatchObject(
    change,
  );
  await expect(secrets.send(new UpdateSecretCommand({ SecretId: Name, SecretString: 'x' }))).rejects.toMatchObject(
    change,
  );
  expect((await secrets.send(new GetSecretValueCommand({ SecretId: 'other' }))).SecretString).toMatch(/.{32}/);

  const lambda = new LambdaClient(clientOf(cloud));
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'stranger' }));
  expect(Buffer.from(Payload ?? []).toString()).not.toContain(KEY);
  const role = cloud.resources.find(({ logicalId }) => logicalId === 'FixtureRole');
  const principal = `arn:aws:iam::000000000000:role/${role?.ref}`;
  const read = await cloud.call(
    'secretsmanager',
    'GetSecretValue',
    { SecretId: Name },
    { accessKeyId: 'x', principal },
  );
  expect(read['SecretString']).toBe(KEY);
  expect(filesWith(cloud.dataDir, KEY)).toEqual([]);
});

test('a key that an earlier version wrote is removed', async () => {
  const root = home();
  const before = await startFixture(fixture, { root });
  const secrets = new SecretsManagerClient(clientOf(before));
  await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString: KEY }));
  await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString: 'a later one' }));
  await before.close();
  expect(filesWith(before.dataDir, KEY)).toHaveLength(1);
  const after = await startFixture(fixture, { root, secrets: { 'model-api-key': KEY } });
  expect(filesWith(after.dataDir, KEY)).toEqual([]);
  await after.close();
  // Without a given value the secret gets one of the template again.
  const again = await startFixture(fixture, { root });
  const { SecretString } = await new SecretsManagerClient(clientOf(again)).send(
    new GetSecretValueCommand({ SecretId: Name }),
  );
  expect(SecretString).toMatch(/.{32}/);
  await again.close();
});

test('the user’s key is random, in a file that only the user reads, and the same at every start', async () => {
  const root = home();
  const keys: string[] = [];
  for (let start = 0; start < 2; start += 1) {
    const cloud = await startFixture(fixture, { root, credentials: undefined });
    keys.push(cloud.credentials.secretAccessKey);
    const file = join(cloud.dataDir, 'credentials');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(`aws_access_key_id = ${cloud.credentials.accessKeyId}`);
    await new SecretsManagerClient(clientOf(cloud)).send(new GetSecretValueCommand({ SecretId: 'other' }));
    await cloud.close();
  }
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toHaveLength(40);
});

test('the folders are this user’s alone, also those of an earlier version', async () => {
  const root = home();
  const dataDir = join(root, 'data');
  mkdirSync(join(dataDir, 'secretsmanager'), { recursive: true });
  for (const folder of [dataDir, join(dataDir, 'secretsmanager')]) chmodSync(folder, 0o755);
  const cloud = await startFixture(fixture, { root });
  onTestFinished(() => cloud.close());
  const folders = [dataDir, ...globSync('*/', { cwd: dataDir }).map((name) => join(dataDir, name))];
  expect(folders.length).toBeGreaterThan(4);
  expect(folders.filter((folder) => (statSync(folder).mode & 0o077) !== 0)).toEqual([]);
});
