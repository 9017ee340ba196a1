import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
  type DescribeExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import type { SimulatedClaude } from '@agent-fleet/simulated-claude';
import { z } from 'zod';
import { runDocumentsKey } from '#core/runs/freeze-documents.ts';
import { contractsInMemory } from '../support/sample-contracts.ts';
import type { Clients } from './clients.ts';
import { deriveMachines } from './derived-machines.ts';
import type { DerivedMachines } from './derived-machines.ts';
import type { Findings } from './findings.ts';
import { until } from './until.ts';

export interface DocumentOptions {
  readonly clients: Clients;
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly claude: SimulatedClaude;
  readonly findings: Findings;
  readonly signal: AbortSignal;
  /** Number of contracts. @default 1 */
  readonly samples?: number;
}

/** What the checks read of a report. */
export const reportSchema = z.object({
  totals: z.object({
    documents: z.number(),
    succeeded: z.number(),
    failed: z.number(),
    usd: z.number(),
    failuresByReason: z.record(z.string(), z.number()),
  }),
  documents: z.array(
    z.discriminatedUnion('status', [
      z.looseObject({ status: z.literal('succeeded'), title: z.string().nullable(), clauses: z.array(z.unknown()) }),
      z.looseObject({ status: z.literal('failed') }),
    ]),
  ),
});
export type Report = z.infer<typeof reportSchema>;

/** The list that Begin writes and the Distributed Map reads. */
const documentsSchema = z.array(z.object({ Key: z.string(), Etag: z.string(), Size: z.number() }));

/** The name of the upload and of its run. */
const UPLOAD = 'check';

/**
 * Processes contracts with the deployed stacks. MiniStack does not support Distributed Maps. Instead, this runs the
 * map's child and the states after the map one by one, with the deployed definition.
 */
export async function processDocument(options: DocumentOptions): Promise<void> {
  const { clients, outputs, findings, claude } = options;
  const bucket = need(outputs, 'UploadBucket');
  const secret = need(outputs, 'ModelSecret');
  await clients.secrets.send(new PutSecretValueCommand({ SecretId: secret, SecretString: 'simulated' }));
  const before = await claude.stats();
  const { samples = 1 } = options;
  await uploadSamples(options);
  const rows = await runMapChild(options, bucket);
  const succeeded = rows.filter(({ status }) => status === 'succeeded').length;
  const detail = `${succeeded} of ${samples} succeeded; the first row: ${brief(rows[0])}`;
  findings.expect('worker', rows.length === samples && succeeded === samples, detail);
  await taskItems(options);
  const calls = (await claude.stats()).answered - before.answered;
  findings.expect('model calls', calls === samples, `the simulated Claude answered ${calls}`);
  await fanIn(options, bucket, rows);
  findings.notChecked(
    'Distributed Map',
    'MiniStack does not evaluate its ItemReader’s expressions and ignores ItemBatcher and ResultWriter',
  );
}

/** Uploads contracts and their manifest, and waits until the run has ended. */
export async function uploadSamples(options: DocumentOptions): Promise<void> {
  const { clients, outputs, samples = 1 } = options;
  const Bucket = need(outputs, 'UploadBucket');
  await withDerived(clients, need(outputs, 'StateMachineArn'), 'aroundMap', async () => {
    await putSamples(clients, Bucket, UPLOAD, samples);
    const manifest = { Bucket, Key: `uploads/${UPLOAD}/_manifest.json`, Body: '{}' };
    await clients.s3.send(new PutObjectCommand(manifest));
    await deployedMachine(options);
  });
}

/** Puts valid contracts into an upload. */
export async function putSamples({ s3 }: Clients, Bucket: string, upload: string, count: number): Promise<void> {
  for (const [file, bytes] of await contractsInMemory({ count, broken: 0, seed: 7 }))
    await s3.send(new PutObjectCommand({ Bucket, Key: `uploads/${upload}/${file}`, Body: bytes }));
}

/** Waits until an upload's run has ended. */
export function endOfRun(
  { clients, outputs, signal }: Pick<DocumentOptions, 'clients' | 'outputs' | 'signal'>,
  upload: string,
  seconds: number,
): Promise<DescribeExecutionCommandOutput> {
  const executionArn = executionOf(need(outputs, 'StateMachineArn'), upload);
  return until('the upload’s run to end', seconds, signal, async () => {
    const described = await clients.sfn.send(new DescribeExecutionCommand({ executionArn })).catch(notYet);
    return described === undefined || described.status === 'RUNNING' ? undefined : described;
  });
}

/** S3 → SQS → intake → Step Functions: the upload starts one run, which ends with a report and a notification. */
async function deployedMachine(options: DocumentOptions): Promise<void> {
  const { clients, outputs, findings, samples = 1 } = options;
  const execution = await endOfRun(options, UPLOAD, 90);
  const machine = need(outputs, 'StateMachineArn');
  const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn: machine }));
  const started = `${samples + 1} objects and ${executions.length} run(s), started by S3 events`;
  findings.expect('upload → queue → intake → run', executions.length === 1, started);
  findings.expect(
    'deployed state machine',
    execution.status === 'SUCCEEDED',
    `${execution.status}; begin, then as after a failed map, which MiniStack lacks: aggregate, notify`,
  );
  const { documents } = JSON.parse(execution.output ?? '{}') as { documents?: number };
  findings.expect(
    'aggregator',
    documents === samples,
    `a report of ${documents} document(s), written by the deployed function`,
  );
}

/** Runs the map's child with the documents that the run has listed: queue → worker → PDF → model → state → task token. */
async function runMapChild({ clients, outputs, signal, samples = 1 }: DocumentOptions, Bucket: string) {
  const listed = await clients.s3.send(new GetObjectCommand({ Bucket, Key: runDocumentsKey(UPLOAD) }));
  const input = {
    BatchInput: { runId: UPLOAD, uploadId: UPLOAD, retry: 0, maxUsd: null },
    Items: documentsSchema.parse(JSON.parse((await listed.Body?.transformToString()) ?? '')),
  };
  if (input.Items.length !== samples) throw new Error(`The run has listed ${input.Items.length} documents.`);
  const output = await runDerived(clients, need(outputs, 'StateMachineArn'), 'child', input, signal);
  return JSON.parse(output) as Record<string, unknown>[];
}

async function taskItems({ clients, outputs, findings, samples = 1 }: DocumentOptions): Promise<void> {
  const TableName = need(outputs, 'StateTable');
  const { Items: items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
  // A run's index has several keys.
  const runs = new Set(items.map(({ runKey }) => runKey?.S).filter((run) => run?.includes(UPLOAD)));
  const found: string[] = [];
  for (const run of runs) {
    const query = { TableName, IndexName: 'run', KeyConditionExpression: 'runKey = :run' };
    const finished = await clients.dynamodb.send(
      new QueryCommand({ ...query, ExpressionAttributeValues: { ':run': { S: run ?? '' } } }),
    );
    found.push(...(finished.Items ?? []).map(({ status }) => status?.S ?? 'none'));
  }
  findings.expect(
    'state table',
    found.length === samples && found.every((status) => status === 'succeeded'),
    `${items.length} items; the run’s index has ${found.length} tasks: ${[...new Set(found)].join(', ')}`,
  );
}

/** Runs aggregate and notify on the files that the map would have written. */
async function fanIn(
  { clients, outputs, findings, signal, samples = 1 }: DocumentOptions,
  bucket: string,
  rows: unknown,
): Promise<void> {
  const folder = `runs/${UPLOAD}-fanIn/map/by-hand/`;
  const put = async (name: string, content: unknown) => {
    const Body = JSON.stringify(content);
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}${name}`, Body }));
    return { Key: `${folder}${name}`, Size: Body.length };
  };
  const succeeded = await put('SUCCEEDED_0.json', [{ Status: 'SUCCEEDED', Output: JSON.stringify(rows), Input: '{}' }]);
  const ResultFiles = { FAILED: [], PENDING: [], SUCCEEDED: [succeeded] };
  const manifest = await put('manifest.json', { DestinationBucket: bucket, MapRunArn: 'by-hand', ResultFiles });
  const input = { uploadId: UPLOAD, results: { Bucket: bucket, Key: manifest.Key }, mapError: null };
  const machine = need(outputs, 'StateMachineArn');
  const output = await runDerived(clients, machine, 'fanIn', input, signal);
  const { reports } = JSON.parse(output) as { reports: { json: string } };
  const got = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: reports.json }));
  const report = reportSchema.parse(JSON.parse((await got.Body?.transformToString()) ?? ''));
  const [row] = report.documents;
  const detail = row?.status === 'succeeded' ? `“${row.title}”, ${row.clauses?.length} clauses` : brief(row);
  findings.expect('report', report.documents.length === samples && row?.status === 'succeeded', detail);
}

/**
 * Runs a derived definition in the deployed machine and returns its output. It must be the same machine, because the
 * workers may answer only its tokens.
 */
async function runDerived(
  clients: Clients,
  stateMachineArn: string,
  which: keyof DerivedMachines,
  input: unknown,
  signal: AbortSignal,
): Promise<string> {
  return withDerived(clients, stateMachineArn, which, async () => {
    const start = { stateMachineArn, name: `${UPLOAD}-${which}`, input: JSON.stringify(input) };
    const { executionArn } = await clients.sfn.send(new StartExecutionCommand(start));
    const ended = await until(`the execution ${start.name} to end`, 60, signal, async () => {
      const described = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return described.status === 'RUNNING' ? undefined : described;
    });
    if (ended.status === 'SUCCEEDED') return ended.output ?? '';
    throw new Error(`${start.name} ended ${ended.status}: ${ended.error}: ${ended.cause}`);
  });
}

/** Gives the deployed machine a derived definition while `work` runs. */
async function withDerived<Result>(
  { sfn }: Clients,
  stateMachineArn: string,
  which: keyof DerivedMachines,
  work: () => Promise<Result>,
): Promise<Result> {
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: deriveMachines(definition)[which] }));
  try {
    return await work();
  } finally {
    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  }
}

const executionOf = (machine: string, name: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

const brief = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300);

function notYet(error: Error): undefined {
  if (error.name !== 'ExecutionDoesNotExist') throw error;
}

/** Returns an output of the stack. Throws when the stack does not have it. */
export function need(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`The stack has no output ${name}.`);
  return value;
}
