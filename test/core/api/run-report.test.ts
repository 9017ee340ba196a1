import { expect, test } from 'vitest';
import type { Caller } from '#core/api/http/caller.ts';
import { getRunReport } from '#core/api/runs/report.ts';
import type { Run } from '#core/runs/run.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const NOW = Date.UTC(2026, 10, 28);
const RUN: Run = { id: 'run-1', tenant: 'acme', createdAt: NOW, size: 1, digest: 'd', execution: 'arn:execution' };
const FILE = { name: 'report.html', size: 5, modifiedAt: NOW, url: 'https://s3/report.html', expiresAt: NOW + 1_000 };
const caller = (change: Partial<Caller> = {}): Caller => ({
  tenant: 'acme',
  keyId: 'k',
  scopes: ['read'],
  agents: null,
  ...change,
});

function open(run: Run = RUN) {
  const { store, ids } = workerHarness([{ json: { sum: 3 } }]);
  const asked: string[] = [];
  return {
    asked,
    ports: {
      store,
      ids,
      clock: { now: () => NOW },
      runs: {
        get: async (tenant: string, id: string) => (tenant === run.tenant && id === run.id ? run : null),
      } as never,
      reports: {
        filesOf: async ({ id }: { readonly id: string }) => (asked.push(id), { files: [FILE], complete: true }),
      },
    },
  };
}

test('the report of a run has files with links', async () => {
  const { ports } = open();
  const time = new Date(NOW).toISOString();
  expect(await getRunReport(ports, caller(), 'run-1')).toEqual({
    complete: true,
    files: [
      { name: 'report.html', size: 5, writtenAt: time, url: FILE.url, expiresAt: new Date(NOW + 1_000).toISOString() },
    ],
    asOf: time,
  });
});

test('a run of tasks alone has no report', async () => {
  const { execution: _, ...run } = RUN;
  const { ports, asked } = open(run);
  expect((await getRunReport(ports, caller(), 'run-1')).files).toEqual([]);
  expect(asked).toEqual([]);
});

test('I8: another tenant’s run is not found, and none is shown to a key whose agents it may not be of', async () => {
  const { ports, asked } = open();
  await expect(getRunReport(ports, caller({ tenant: 'other' }), 'run-1')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(getRunReport(ports, caller({ agents: ['owl'] }), 'run-1')).rejects.toMatchObject({
    kind: 'not-allowed',
  });
  expect(asked).toEqual([]);
});
