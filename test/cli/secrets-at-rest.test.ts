import { once } from 'node:events';
import { globSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FleetProgram } from './support/fleet-program.ts';
import { readLocalApi } from './support/local-api.ts';

/** `npm start` with the key of the real Claude, which this test never calls. */
const KEY = 'sk-ant-api03-of-a-test-that-calls-nothing';

let home: string;
let stop: () => Promise<void>;
let said = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-secrets-'));
  // As an earlier version left them.
  await mkdir(join(home, 'main', 'cloud', 's3'), { recursive: true });
  for (const folder of ['', 'main', 'main/cloud', 'main/cloud/s3']) await chmod(join(home, folder), 0o755);
  const args = ['up', '--no-sample', '--port', '0', '--api-port', '0'];
  const up = new FleetProgram(home).start(args, { ANTHROPIC_API_KEY: KEY });
  stop = async () => {
    const ended = once(up, 'exit');
    up.kill('SIGTERM');
    await ended;
  };
  await new Promise<void>((resolve, reject) => {
    up.once('exit', () => reject(new Error(said)));
    const hear = (data: Buffer): void => {
      said += data.toString();
      if (said.includes('Ctrl-C stops the fleet.')) resolve();
    };
    up.stdout?.on('data', hear);
    up.stderr?.on('data', hear);
  });
}, 120_000);
afterAll(async () => {
  await stop();
  await rm(home, { recursive: true, force: true });
});

const client = () => {
  const { endpoint, credentials } = readLocalApi(home);
  return { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
};

test('the real key is in no file, and the user’s AWS tools cannot read it', async () => {
  const files = globSync('**/*', { cwd: home, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(10);
  const withKey = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(KEY));
  expect(withKey).toEqual([]);
  expect(said).not.toContain(KEY);
  const read = new SecretsManagerClient(client()).send(
    new GetSecretValueCommand({ SecretId: 'fleet-dev/model-api-key' }),
  );
  await expect(read).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('the folders are this user’s alone, and so are the files with keys', () => {
  const folders = ['', 'main', 'main/cloud', ...globSync('main/cloud/*/', { cwd: home })];
  expect(folders.length).toBeGreaterThan(6);
  expect(folders.filter((folder) => (statSync(join(home, folder)).mode & 0o077) !== 0)).toEqual([]);
  const files = ['credentials', 'main/api-key', 'main/cloud/secretsmanager/secrets.json'];
  expect(files.map((file) => statSync(join(home, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
});

test('after a call, no other user can read a file or folder of the home', async () => {
  const { api, key } = readLocalApi(home);
  const answer = await fetch(`${api.replace(/\/$/, '')}/agents`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  const all = globSync('**/*', { cwd: home });
  for (const part of [/logs\/.*\.log$/, /dynamodb\.sqlite$/, /sqlite-wal$/, /runtime-\w+\.mjs$/])
    expect(all.some((file) => part.test(file))).toBe(true);
  expect(all.filter((file) => (statSync(join(home, file)).mode & 0o077) !== 0)).toEqual([]);
});

test('the printed variables name the access key that the fleet accepts', async () => {
  const { aws, endpoint } = readLocalApi(home);
  expect(said).toContain(
    `export AWS_SHARED_CREDENTIALS_FILE='${aws.AWS_SHARED_CREDENTIALS_FILE}' AWS_PROFILE=agent-fleet`,
  );
  const { TableNames } = await new DynamoDBClient(client()).send(new ListTablesCommand());
  expect(TableNames?.length).toBeGreaterThan(0);
  const other = { ...client(), credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  await expect(new DynamoDBClient(other).send(new ListTablesCommand())).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
  expect((await fetch(`${endpoint}/`)).status).toBe(403);
});
