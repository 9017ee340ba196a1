import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { Output } from '#cli/terminal/output.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { functionResource, startFixture, type Fixture } from '@agent-fleet/local-cloud/testing/cloud';
import { processorTime, since, type ProcessorTime } from '../processor-time.ts';

/** The command-line options of `bench calls`. */
export const callsBenchOptions = z.strictObject({
  rounds: wholeOption(1, 100_000),
  atOnce: wholeOption(1, 100),
  json: z.boolean().default(false),
});

/** A put, a read, an update and a message (handler.ts). */
const CALLS_A_ROUND = 4;
/** Rounds before the measurement, so that both halves are compiled. */
const WARM_UP = 250;

/** What an AWS call of a function costs on this machine. */
export interface CallFigures {
  readonly calls: number;
  readonly seconds: number;
  /** Of both halves, the function's and the local cloud's, with V8's compiler and garbage collector. */
  readonly cpuMsPerCall: number;
  readonly cpuMs: ProcessorTime;
  /** The highest resident size of this process. */
  readonly memoryMiB: number;
}

/** Measures the AWS calls of one function to the local DynamoDB and SQS. */
export async function benchCalls(
  { rounds, atOnce }: z.infer<typeof callsBenchOptions>,
  output: Output,
): Promise<CallFigures> {
  await using cloud = await startFixture(fixture(await bundled()));
  const { endpoint, credentials } = cloud;
  const client = new LambdaClient({ ...localClient(endpoint), credentials });
  const { Table: table, Url: queueUrl } = cloud.outputs['Fixture'] ?? {};
  const invoke = async (event: object): Promise<void> => {
    const Payload = JSON.stringify({ table, queueUrl, atOnce, ...event });
    const { FunctionError, Payload: answer } = await client.send(
      new InvokeCommand({ FunctionName: FUNCTION, Payload }),
    );
    if (FunctionError !== undefined) throw new Error(`The calls failed: ${answer?.transformToString() ?? ''}`);
  };
  output.progress('Warm-up');
  await invoke({ rounds: WARM_UP, first: rounds });
  output.progress('Measurement');
  const [before, startedAt] = [processorTime(), performance.now()];
  await invoke({ rounds, first: 0 });
  const cpuMs = since(before, processorTime());
  client.destroy();
  const calls = rounds * CALLS_A_ROUND;
  return {
    calls,
    seconds: round((performance.now() - startedAt) / 1000),
    cpuMsPerCall: round((cpuMs['total'] ?? 0) / calls),
    cpuMs,
    memoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** Its threads count as functions (processor-time.ts). */
const FUNCTION = 'fleet-dev-calls';

function fixture(handler: string): Fixture {
  return {
    grants: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
        Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
      },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
    ],
    code: { [FUNCTION]: handler },
    resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
        },
      },
      Calls: functionResource(FUNCTION, { MemorySize: 512, Timeout: 900 }),
    },
    outputs: { Url: { Value: { Ref: 'Queue' } }, Table: { Value: { Ref: 'Table' } } },
  };
}

/** The handler as it is deployed, with its part of the SDK. */
async function bundled(): Promise<string> {
  // The CDK would watch each use of the file system in the other programs.
  const { buildModule } = await import('#lib/bundle.ts');
  const folder = mkdtempSync(join(tmpdir(), 'fleet-bench-'));
  try {
    const file = join(folder, 'index.mjs');
    buildModule('bench/calls/handler.ts', file);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
