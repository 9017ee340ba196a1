import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NoSuchKey } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { agreeToRetry, costOfRetry } from '../../cli/agree-to-retry.ts';
import type { DocumentsConnection } from '../../cli/connection.ts';

/** A fleet on which one task of each run has cost as much, with the report of a run of which so many documents failed. */
function fleet({ usd, failed }: { readonly usd: number; readonly failed: number | null }): DocumentsConnection {
  const task = { pk: 'TASK#task-0123456789abcdef', status: 'failed' };
  const texts = Object.fromEntries(Object.entries(task).map(([name, S]) => [name, { S }]));
  const item = { ...texts, finishedAt: { N: '1' }, usd: { N: String(usd) }, tokens: { N: '1' } };
  const rows = [...Array.from({ length: failed ?? 0 }, () => ({ status: 'failed' })), { status: 'succeeded' }];
  return {
    outputs: { UploadBucket: 'uploads', StateTable: 'table' },
    dynamodb: Object.assign(new DynamoDBClient({ region: 'us-east-1' }), {
      send: async ({ input }: { input: { ExpressionAttributeValues: { ':run': { S: string } } } }) => ({
        Items: input.ExpressionAttributeValues[':run'].S.endsWith('#0') ? [item] : [],
      }),
    }),
    s3: {
      async send() {
        if (failed === null) throw new NoSuchKey({ message: 'missing', $metadata: {} });
        return { Body: { transformToString: async () => JSON.stringify({ documents: rows }) } };
      },
    },
  } as unknown as DocumentsConnection;
}

const second = { uploadId: 'spring', retry: 2 };
const limits = { documents: 100, state: 'complete', maxUsd: 100, maxUsdPerDocument: 1 } as const;

describe('what a retry may cost', () => {
  it('is what the run and its retries before have left', async () => {
    const cost = await costOfRetry(fleet({ usd: 20, failed: 30 }), 'spring', second, limits);
    expect(cost).toEqual({ failed: 30, leftUsd: 60, eachUsd: 1 });
  });

  it('has no limit of the whole where the run has none; without a report, all documents count', async () => {
    const cost = await costOfRetry(fleet({ usd: 20, failed: null }), 'spring', second, {
      documents: 100,
      state: 'complete',
    });
    expect(cost).toEqual({ failed: 100, leftUsd: Infinity, eachUsd: contractAnalyst.budget.usd });
  });

  it('is nothing when the limit is spent: it does not start, and the error says what to do', async () => {
    await expect(costOfRetry(fleet({ usd: 50, failed: 30 }), 'spring', second, limits)).rejects.toMatchObject({
      message: 'The runs of the upload have cost $100.00, and its limit is $100. Nothing was started.',
      remedy: expect.stringContaining('--max-usd') as string,
    });
  });
});

describe('a retry', () => {
  // Nobody answers where the input is no terminal.
  const consent = { yes: false, output: {} as never, signal: new AbortController().signal };

  it.each([
    ['of many documents', { failed: 1_001, leftUsd: 1, eachUsd: 1 }, false, '1,001 documents'],
    ['that may cost much', { failed: 60, leftUsd: Infinity, eachUsd: 1 }, true, 'up to $60.00'],
  ])('%s is asked for first', async (_, cost, real, about) => {
    await expect(agreeToRetry(cost, real, consent)).rejects.toThrow(about);
    await expect(agreeToRetry(cost, real, { ...consent, yes: true })).resolves.toBeUndefined();
  });

  it.each([
    ['on the simulated model', { failed: 60, leftUsd: Infinity, eachUsd: 1 }, false],
    ['with little left of its limit', { failed: 60, leftUsd: 49, eachUsd: 1 }, true],
  ])('%s is not', async (_, cost, real) => {
    await expect(agreeToRetry(cost, real, consent)).resolves.toBeUndefined();
  });
});
