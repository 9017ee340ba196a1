import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client, waitUntilObjectExists } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleContracts } from '../support/sample-contracts.ts';
import { FleetProgram } from '../cli/support/fleet-program.ts';
import { readLocalApi, type LocalFleet } from '../cli/support/local-api.ts';
import { awsStub } from './support/aws-stub.ts';
import { Shell } from './support/shell.ts';
import { typedCommands } from './support/typed.ts';

/**
 * Runs every documented AWS command as typed, in order, with the AWS CLI and curl against one local fleet. A stub answers
 * for services that the local cloud does not have.
 */
const cli = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const version = Number(/aws-cli\/(\d+)/.exec(`${cli.stdout}${cli.stderr}`)?.[1] ?? 0);
/** first-agent.nightly.test.ts runs it, with the agent that it is for. */
const FOR_THE_GUIDES_AGENT = /exchange-signing/;
const commands = [...new Set(typedCommands().map(({ command }) => command))].filter(
  (command) => /\baws [a-z]|^curl http/.test(command) && !FOR_THE_GUIDES_AGENT.test(command),
);

let folder: string;
let up: ChildProcess;
let fleet: LocalFleet;
let shell: Shell;
let s3: S3Client;
/** Real values for the placeholders of the documents. */
let values: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-aws-'));
  up = await new FleetProgram(folder).up();
  fleet = readLocalApi(folder);
  const options = { endpoint: fleet.endpoint, region: 'us-east-1', credentials: fleet.credentials };
  s3 = new S3Client({ ...options, forcePathStyle: true });
  shell = new Shell(folder, environment());
  const [mapping] =
    (await new LambdaClient(options).send(new ListEventSourceMappingsCommand())).EventSourceMappings ?? [];
  const [api] = (await new APIGatewayClient(options).send(new GetRestApisCommand())).items ?? [];
  const groups = await shell.run('aws logs describe-log-groups --query logGroups[].logGroupName --output text');
  const deadLetters = fleet.outputs['platform']?.['CallbackDeadLetterQueueUrl'] ?? '';
  values = {
    UUID: mapping?.UUID ?? '',
    'API/STAGE': `${api?.id}/v1`,
    GROUP: /\S*Authorizer\S*/.exec(groups.stdout)?.[0] ?? groups.stdout,
    'machine-arn …': `machine-arn ${fleet.outputs['documents']?.['StateMachineArn']}`,
    'table-name …': `table-name ${fleet.outputs['platform']?.['StateTable']}`,
    QUEUE_ARN: `arn:aws:sqs:us-east-1:000000000000:${deadLetters.split('/').at(-1)}`,
    QUEUE_NAME: deadLetters.split('/').at(-1) ?? '',
    QUEUE_URL: deadLetters,
    FUNCTION: mapping?.FunctionArn ?? '',
    EXECUTION_ARN: `${fleet.outputs['documents']?.['StateMachineArn']?.replace(':stateMachine:', ':execution:')}:first`,
    STATE_TABLE: fleet.outputs['platform']?.['StateTable'] ?? '',
    SNAPSHOT_BUCKET: fleet.outputs['research']?.['SnapshotBucket'] ?? '',
    'http://127.0.0.1:4400': fleet.api,
    'http://127.0.0.1:4566': fleet.endpoint,
    // Version 1 of the AWS CLI does not read the SQS variable, and has filter-log-events instead of tail.
    ...(version === 1 && { 'aws sqs': `aws --endpoint-url ${fleet.endpoint} sqs` }),
    ...(version === 1 && { 'logs tail': 'logs filter-log-events --log-group-name' }),
    // The fleet on this machine is dev's.
    'fleet-prod/model-api-key': 'fleet-dev/model-api-key',
    'fleet-prod/github-app': 'fleet-dev/github-app',
    // With it the command would never end.
    ' --follow': '',
  };
  await writeFile(join(folder, 'payload.json'), '{}');
  await writeFile(join(folder, 'companies.jsonl'), '{"id":"acme.example"}\n');
  await sampleContracts(join(folder, 'contracts'), { count: 2, broken: 1, seed: 7 });
});

afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: fleet.endpoint,
  ...fleet.aws,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_PAGER: '',
  BUCKET: fleet.outputs['documents']?.['UploadBucket'],
  LISTS: fleet.outputs['research']?.['SnapshotBucket'],
});

interface Case {
  readonly command: RegExp;
  /** Prepares what the command needs. */
  readonly first?: () => Promise<unknown>;
  /** Text appended to the command, in the same shell. */
  readonly after?: string;
  /** The service whose endpoint variable points the AWS CLI to the stub. */
  readonly stub?: string;
  /** Why the local cloud refuses it, where AWS does not. */
  readonly refused?: RegExp;
  /** Checks the result: what the command printed, and the request to the stub. */
  readonly proves?: (stdout: string, asked: string) => Promise<unknown> | void;
}

/** Commands with more to check than their exit code. */
const CASES: readonly Case[] = [
  { command: /get-caller-identity/, proves: (stdout) => expect(stdout).toContain('"Account": "000000000000"') },
  { command: /get-account-settings/, stub: 'LAMBDA', proves: (stdout) => expect(stdout.trim()).toBe('10') },
  {
    command: /service-quotas/,
    stub: 'SERVICE_QUOTAS',
    proves: (_, asked) =>
      expect(JSON.parse(asked)).toEqual({ ServiceCode: 'lambda', QuotaCode: 'L-B99A9384', DesiredValue: 1000 }),
  },
  {
    command: /put-secret-value .*github-app/,
    first: async () => writeFile(join(folder, 'app.json'), '{"appId":123456,"privateKey":"PRIVATE KEY"}'),
    // A command before has deleted the secret.
    stub: 'SECRETS_MANAGER',
    proves: (_, asked) =>
      expect(JSON.parse(asked)).toMatchObject({
        SecretId: 'fleet-dev/github-app',
        SecretString: '{"appId":123456,"privateKey":"PRIVATE KEY"}',
      }),
  },
  {
    command: /put-secret-value/,
    // On this machine the key comes from ANTHROPIC_API_KEY, and nobody can change it.
    stub: 'SECRETS_MANAGER',
    after: ' <<< simulated',
    proves: (_, asked) =>
      expect(JSON.parse(asked)).toMatchObject({ SecretId: 'fleet-dev/model-api-key', SecretString: 'simulated' }),
  },
  {
    command: /^BUCKET=/,
    stub: 'CLOUDFORMATION',
    after: '; echo $BUCKET',
    proves: (stdout) => expect(stdout.trim()).toBe(fleet.outputs['documents']?.['UploadBucket']),
  },
  {
    command: /list-executions/,
    stub: 'CLOUDFORMATION',
    proves: (stdout) => expect(stdout).toContain('"name": "first"'),
  },
  {
    command: /report\.html/,
    first: () => reported('first'),
    proves: () => expect(existsSync(join(folder, 'report.html'))).toBe(true),
  },
  {
    command: /redrive-execution|stop-execution/,
    // The local Step Functions does not redrive; what is stopped here would be the run of another command.
    stub: 'SFN',
    proves: (_, asked) => expect(JSON.parse(asked)).toMatchObject({ executionArn: values['EXECUTION_ARN'] }),
  },
  { command: /function-concurrency/, stub: 'LAMBDA' },
  { command: /start-message-move-task/, proves: (stdout) => expect(stdout).toContain('TaskHandle') },
  // The queue is empty, so the move has ended.
  { command: /cancel-message-move-task/, refused: /No running task has the handle/ },
  { command: /delete-message/, refused: /ReceiptHandleIsInvalid/ },
  { command: /start-execution/, proves: () => reported('first--retry-1') },
  {
    command: /update-table/,
    stub: 'DYNAMODB',
    proves: (_, asked) =>
      expect(JSON.parse(asked)).toEqual({
        TableName: fleet.outputs['platform']?.['StateTable'],
        DeletionProtectionEnabled: false,
      }),
  },
  {
    command: /describe-stack-events/,
    stub: 'CLOUDFORMATION',
    proves: (stdout) => expect(JSON.parse(stdout)).toEqual([['AuditBucket', 'The name is taken.']]),
  },
  {
    command: /update-termination-protection/,
    stub: 'CLOUDFORMATION',
    proves: (_, asked) =>
      expect(Object.fromEntries(new URLSearchParams(asked))).toMatchObject({
        Action: 'UpdateTerminationProtection',
        EnableTerminationProtection: 'false',
        StackName: expect.stringMatching(/^fleet-prod-(platform|api)$/),
      }),
  },
  {
    command: /delete-stack/,
    stub: 'CLOUDFORMATION',
    proves: (_, asked) =>
      expect(Object.fromEntries(new URLSearchParams(asked))).toMatchObject({
        Action: 'DeleteStack',
        StackName: 'fleet-prod-platform',
      }),
  },
  {
    command: /\/lists\/FILE\.csv/,
    // lists.long.test.ts of the system proves what becomes of it.
    first: () => writeFile(join(folder, 'FILE.csv'), 'name,website\nAcme,https://acme.example\n'),
    after: '; aws s3 ls --recursive s3://$LISTS',
    proves: (stdout) => expect(stdout).toContain('lists/FILE.csv'),
  },
  {
    command: /^aws s3 rb/,
    first: () => s3.send(new CreateBucketCommand({ Bucket: 'emptied' })),
  },
  // Locally the key of the model is sealed: nobody but the workers may touch it.
  { command: /delete-secret .*model-api-key/, refused: /The value of fleet-dev\/model-api-key was given/ },
  { command: /^curl/, proves: (stdout) => expect(JSON.parse(stdout)).toMatchObject({ status: 401 }) },
];

const reported = (run: string) =>
  waitUntilObjectExists(
    { client: s3, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { Bucket: fleet.outputs['documents']?.['UploadBucket'], Key: `runs/${run}/report.html` },
  );

describe.skipIf(version === 0)('as documented', () => {
  test.each(commands)(
    '%s',
    async (command) => {
      const known = CASES.find((each) => each.command.test(command));
      await known?.first?.();
      const stub = await awsStub({ 'fleet-dev-documents': fleet.outputs['documents'] ?? {} });
      const variable = known?.stub && `export AWS_ENDPOINT_URL_${known.stub}=${stub.url}; `;
      const bucket = command.startsWith('aws s3 rb') ? 'BUCKET=emptied; ' : '';
      let typed = command;
      for (const [placeholder, value] of Object.entries(values)) typed = typed.replace(placeholder, value);
      const { code, stdout, stderr } = await shell.run(`${variable ?? ''}${bucket}{ ${typed}; }${known?.after ?? ''}`);
      const refused = known?.refused?.test(stderr);
      const ended = known?.refused === undefined ? { code: 0 } : { code: 255, refused: true };
      expect({ typed, code, stderr, refused }).toMatchObject(ended);
      await known?.proves?.(stdout, stub.requests.at(-1)?.body ?? '');
    },
    90_000,
  );
});
