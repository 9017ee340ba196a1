import { afterAll, describe, vi } from 'vitest';
import { awsPlatformClient } from '#adapters/anthropic/aws-platform.ts';
import { anthropicBatchModel, claudeBatchModel } from '#adapters/anthropic/batch-model.ts';
import type { BatchEntry, BatchResult } from '#core/ports/batch-model.ts';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { inMemoryBatchModel, type CreateFate } from '../support/fakes/in-memory-batch-model.ts';
import { batchModelContract, UNKNOWN_MODEL, type Fate } from './batch-model.contract.ts';
import { ANSWER } from './model.contract.ts';

describe('in-memory batch model', () => {
  const FATES: Readonly<Record<Fate, CreateFate>> = {
    429: { failure: { kind: 'throttled', reason: 'rate limit', retryAfterMs: 1_000 }, made: false },
    500: { failure: { kind: 'transient', reason: 'server error' }, made: false },
    disconnect: { failure: { kind: 'transient', reason: 'broken connection' }, made: true },
    cut: { failure: { kind: 'transient', reason: 'half an answer' }, made: true },
  };
  const answer = ({ customId, request }: BatchEntry): BatchResult =>
    request.model === UNKNOWN_MODEL
      ? { customId, kind: 'failed', failure: { kind: 'permanent', reason: 'no such model', notBilled: true } }
      : {
          customId,
          kind: 'succeeded',
          answer: {
            content: [{ type: 'text', text: JSON.stringify(ANSWER) }],
            stopReason: 'end',
            usage: { input: 1_000, output: 100, cacheRead: 0, cacheWrite: 0 },
            model: request.model,
            requestId: 'msg_1',
          },
        };

  batchModelContract(async ({ fate }) => {
    const model = inMemoryBatchModel(answer);
    if (fate) model.fates.push(FATES[fate]);
    return {
      model,
      ended: async (id) => model.end(id),
    };
  });
});

const KEY = { accessKeyId: 'ASIACONTRACT', secretAccessKey: 'secret/of+the=contract' };
const aws = (baseURL: string) =>
  awsPlatformClient({ credentials: KEY, region: 'eu-central-1', workspaceId: 'wrkspc_1', baseURL });

describe.each([
  {
    name: 'Claude through the Message Batches API',
    modelAt: (baseURL: string) => anthropicBatchModel({ apiKey: 'simulated', baseURL }),
  },
  { name: 'Claude Platform on AWS', modelAt: (baseURL: string) => claudeBatchModel(aws(baseURL)) },
])('$name', ({ modelAt }) => {
  const started: SimulatedClaude[] = [];
  afterAll(() => Promise.all(started.map((claude) => claude.close())));

  batchModelContract(async ({ fate, held = false }) => {
    const claude = await startSimulatedClaude({
      rules: [new URL('./model-rule.ts', import.meta.url).pathname],
      awsKeys: [KEY],
      faults: { script: fate ? [fate] : [] },
      batches: { processingMs: held ? 3_600_000 : 0 },
    });
    started.push(claude);
    const model = modelAt(claude.url);
    return {
      model,
      ended: (id) =>
        vi.waitFor(
          async () => {
            if ((await model.get(id))?.status !== 'ended') throw new Error(`batch ${id} has not ended`);
          },
          { timeout: 90_000, interval: 20 },
        ),
    };
  });
});
