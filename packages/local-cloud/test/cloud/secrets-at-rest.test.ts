import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand, SFNClient, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import { Principals } from '../../src/gateway/principals.ts';
import { CREDENTIALS, functionResource, startFixture, type Fixture } from '../../testing/cloud.ts';

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
  await expect(secrets.send(new DeleteSecretCommand({ SecretId: Name }))).rejects.toMatchObject(change);
  const forced = new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true });
  await expect(secrets.send(forced)).rejects.toMatchObject(change);
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

test('the key of a role comes from no file: with the user’s key, two clouds derive different ones', () => {
  const [first, second] = [new Principals(CREDENTIALS), new Principals(CREDENTIALS)].map((principals) => {
    const { accessKeyId } = principals.issue('arn:aws:lambda:us-east-1:000000000000:function:worker', 'a-role');
    return principals.credentialsOf(accessKeyId);
  });
  expect(first?.accessKeyId).toBe(second?.accessKeyId);
  expect(first?.secretAccessKey).not.toBe(second?.secretAccessKey);
  expect(first?.sessionToken).not.toBe(second?.sessionToken);
});

test('the user neither sees the key of a function nor runs a state machine under its role', async () => {
  const withMachine = {
    ...fixture,
    resources: {
      ...fixture.resources,
      OnlyLambda: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'only-lambda',
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
    },
  };
  const cloud = await startFixture(withMachine, { root: home(), secrets: { 'model-api-key': KEY } });
  onTestFinished(() => cloud.close());
  const lambda = new LambdaClient(clientOf(cloud));
  const own = await lambda.send(new InvokeCommand({ FunctionName: 'stranger' }));
  const values = JSON.parse(Buffer.from(own.Payload ?? []).toString()) as string[];
  const shown = JSON.stringify([
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'stranger' })),
    await lambda.send(new ListFunctionsCommand()),
  ]);
  expect(values.some((value) => value.startsWith('ASIA'))).toBe(true);
  expect(shown).not.toMatch(/ASIA|SECRET|TOKEN/);

  const sfn = new SFNClient(clientOf(cloud));
  const reads = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue', End: true };
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Read', States: { Read: reads } });
  const create = (name: string, roleArn: string) =>
    sfn.send(new CreateStateMachineCommand({ name, roleArn, definition }));
  const trusted = `arn:aws:iam::000000000000:role/${cloud.resources.find(({ logicalId }) => logicalId === 'FixtureRole')?.ref}`;
  const refused = { name: 'AccessDeniedException' };
  for (const role of ['only-lambda', 'made-up'])
    await expect(create('reader', `arn:aws:iam::000000000000:role/${role}`)).rejects.toMatchObject(refused);
  const { stateMachineArn } = await create('reader', trusted);
  const roleArn = 'arn:aws:iam::000000000000:role/only-lambda';
  await expect(sfn.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn }))).rejects.toMatchObject(refused);
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

test('a folder that holds something of the user’s keeps its rights; what the cloud puts there is private', async () => {
  const root = home();
  const dataDir = join(root, 'data');
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  writeFileSync(join(dataDir, 'notes.txt'), 'for all');
  chmodSync(join(dataDir, 'notes.txt'), 0o644);
  for (const folder of [dataDir, join(dataDir, 'logs')]) chmodSync(folder, 0o755);
  for (let start = 0; start < 2; start += 1) {
    const cloud = await startFixture(fixture, { root });
    await new LambdaClient(clientOf(cloud)).send(new InvokeCommand({ FunctionName: 'worker' }));
    await cloud.close();
  }
  // Node creates what is below the private folder of compiled code.
  const shared = globSync('**/*', { cwd: dataDir, exclude: ['lambda/code-cache/*'] }).filter(
    (name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0,
  );
  expect(shared.toSorted()).toEqual(['logs', 'notes.txt']);
  expect(statSync(dataDir).mode & 0o777).toBe(0o755);
});
