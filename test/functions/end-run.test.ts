import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { RunStore } from '#core/ports/run-store.ts';
import { inMemoryArtifacts } from '../support/fakes/in-memory-artifacts.ts';
import { inMemoryRunStore } from '../support/fakes/in-memory-run-store.ts';

const here = vi.hoisted(() => ({ sent: [] as unknown[], runs: null as unknown, artifacts: null as unknown }));

vi.mock('#adapters/lambda/client.ts', () => ({
  lambda: () => ({ send: async (command: unknown) => void here.sent.push(command) }),
}));
vi.mock('#adapters/dynamodb/run-store.ts', () => ({ dynamodbRunStore: () => here.runs }));
vi.mock('#adapters/s3/artifacts.ts', () => ({ s3Artifacts: () => here.artifacts }));
vi.mock('#adapters/dynamodb/task-store.ts', () => ({ dynamodbTaskStore: () => ({ list: async function* () {} }) }));

const NAME = 'spring';
const EXECUTION = `arn:aws:states:us-east-1:000000000000:execution:fan-out:${NAME}`;
const STARTED = Date.parse('2026-11-28T10:00:00Z');
const request = z.looseObject({ keepReport: z.boolean(), keepReportFrom: z.string().optional() });

/** The event of an end, this many seconds after the start of the run. */
const ended = (status: string, seconds: number, more: object = {}) => ({
  detail: {
    executionArn: EXECUTION,
    name: NAME,
    status,
    startDate: STARTED,
    stopDate: STARTED + seconds * 1_000,
    input: JSON.stringify({ uploadId: NAME }),
    ...more,
  },
});

/** Handles the events one after another. Returns what the fan-in was asked for. */
async function asked(...events: readonly object[]) {
  const { handler } = await import('#functions/end-run/handler.ts');
  for (const event of events) await handler(event, { getRemainingTimeInMillis: () => 60_000 } as Context);
  return here.sent.map((command) => {
    if (!(command instanceof InvokeCommand)) throw new Error('Not an invocation.');
    return request.parse(JSON.parse(z.string().parse(command.input.Payload)));
  });
}

afterEach(() => vi.unstubAllEnvs());
beforeEach(() => {
  vi.resetModules();
  here.sent = [];
  here.runs = inMemoryRunStore() satisfies RunStore;
  here.artifacts = inMemoryArtifacts();
  vi.stubEnv('STATE_TABLE', 'state');
  vi.stubEnv('QUEUE_PREFIX', 'fleet-');
  vi.stubEnv('AGGREGATOR', 'aggregator');
  vi.stubEnv('TENANT', 'default');
});

it('the report of a run that failed leaves one that its execution wrote', async () => {
  const [report] = await asked(ended('FAILED', 1));
  expect(report).toMatchObject({ runId: NAME, uploadId: NAME, keepReport: true });
  expect(report).toMatchObject({ startedAt: '2026-11-28T10:00:00.000Z', mapError: { error: 'Run.Failed' } });
  expect(report).not.toHaveProperty('keepReportFrom');
});

it.each(['FAILED', 'ABORTED', 'TIMED_OUT'])(
  'a redriven run that is %s has a new report: the one that exists is about its first attempt',
  async (status) => {
    const reports = await asked(ended('FAILED', 1), ended(status, 60));
    expect(reports.map(({ keepReport }) => keepReport)).toEqual([true, false]);
  },
);

it('a report stays that was written after the redrive, where Step Functions says when that was', async () => {
  const [, report] = await asked(
    ended('FAILED', 1, { redriveDate: null }),
    ended('FAILED', 60, { redriveDate: STARTED + 30_000 }),
  );
  expect(report).toMatchObject({ keepReport: false, keepReportFrom: '2026-11-28T10:00:30.000Z' });
});

it('a redrive date in another form is left alone', async () => {
  const [report] = await asked(ended('FAILED', 1, { redriveDate: '2026-11-28' }));
  expect(report).toMatchObject({ keepReport: true });
});

describe('a pipeline', () => {
  const due = '2026-11-28T07:00:00.000Z';
  const input = JSON.stringify({ items: { key: 'uploads/list.jsonl' }, tenant: 'acme', name: 'tonight', due });

  beforeEach(async () => {
    vi.stubEnv('ARTIFACT_BUCKET', 'artifacts');
    vi.stubEnv('STAGES', JSON.stringify([['scout', 'analyst'], ['strategist']]));
    const artifacts = inMemoryArtifacts();
    await artifacts.put({ bucket: 'artifacts', key: `runs/${NAME}/items.jsonl` }, '{"id":"x"}', 'application/jsonl');
    here.artifacts = artifacts;
  });

  it('that was stopped has a report over the items that it began with', async () => {
    const [report] = await asked(ended('ABORTED', 5, { input }));
    expect(report).toMatchObject({
      run: { id: NAME, tenant: 'acme', name: 'tonight', startedAt: STARTED },
      // The aggregator knows by it whether the report is late.
      input: { due },
      maps: [
        {
          items: { bucket: 'artifacts', key: `runs/${NAME}/items.jsonl` },
          results: null,
          agents: ['scout', 'analyst'],
        },
      ],
      problem: { error: 'Run.Cancelled' },
      keepReport: true,
    });
  });

  it('that failed keeps the report that it wrote, and has its own error where it wrote none', async () => {
    const because = { error: 'Items.Invalid', cause: 'Line 2 is not valid JSON.' };
    const [report] = await asked(ended('FAILED', 5, { input, ...because }));
    expect(report).toMatchObject({ keepReport: true, problem: because });
  });

  it('that was redriven has a new report, unless it wrote one after the redrive', async () => {
    const [, report] = await asked(
      ended('FAILED', 1, { input }),
      ended('FAILED', 60, { input, redriveDate: STARTED + 30_000 }),
    );
    expect(report).toMatchObject({ keepReport: false, keepReportFrom: '2026-11-28T10:00:30.000Z' });
  });
});
