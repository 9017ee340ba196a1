import { describe, expect, it } from 'vitest';
import { NO_SPEND } from '#core/budgets/budget.ts';
import type { ListedArtifact } from '#core/ports/artifacts.ts';
import { beginRun } from '#core/runs/begin-run.ts';
import { retryName, shareOfRetry } from '#core/runs/retry-limit.ts';
import { newTaskId } from '#core/tasks/task-id.ts';
import type { UploadManifest } from '#core/uploads/upload-manifest.ts';
import { manifestKey } from '#core/uploads/upload.ts';
import { sampleTask, succeeded } from '../../contract/samples.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';
import { seededIds } from '../../support/fakes/seeded-ids.ts';

const failure = { kind: 'transient', reason: 'The model failed.' } as const;
const FAILED = { status: 'failed', finishedAt: 1, notified: true, failure } as const;

/** An upload of ten documents. */
function upload(manifest: Partial<UploadManifest>) {
  const ids = seededIds(1);
  const store = inMemoryTaskStore();
  const text = JSON.stringify({ documents: 10, ...manifest });
  const object = (key: string): ListedArtifact => ({ key, size: 1, etag: 'etag', modifiedAt: 1 });
  const objects = [manifestKey('spring'), ...Array.from({ length: 10 }, (_, at) => `uploads/spring/${at}`)].map(object);
  const ports = {
    store,
    runs: inMemoryRunStore(),
    manifests: { read: async () => ({ text, etag: 'etag' }) },
    artifacts: {
      put: async () => undefined,
      async *list() {
        yield* objects;
      },
    },
    bucket: 'uploads',
    clock: manualClock(),
  };
  return {
    /** Tasks of a run that have ended. */
    ended: async (runId: string, count: number, usd: number, state: typeof FAILED | ReturnType<typeof succeeded>) => {
      for (let at = 0; at < count; at += 1)
        await store.create(sampleTask({ id: newTaskId(ids), runId, spend: { ...NO_SPEND, usd }, state }));
    },
    begin: (retry?: number) => {
      const runId = retry ? retryName({ uploadId: 'spring', retry }) : 'spring';
      return beginRun(ports, { runId, uploadId: 'spring', retry, tenant: 'default', execution: `arn:${runId}` });
    },
  };
}

describe('a retry of an upload with a limit for the whole', () => {
  const limits = { maxUsd: 10, maxUsdPerDocument: 1 };

  it('shares what the runs before have left of it', async () => {
    const { ended, begin } = upload(limits);
    expect(await begin()).toMatchObject({ maxUsd: 1 });
    await ended('spring', 4, 0.5, succeeded(1));
    await ended('spring', 6, 0.9, FAILED);
    expect((await begin(1)).maxUsd).toBeCloseTo((10 - 2 - 5.4) / 6);
    await ended(retryName({ uploadId: 'spring', retry: 1 }), 2, 0.4, succeeded(1));
    await ended(retryName({ uploadId: 'spring', retry: 1 }), 4, 0.4, FAILED);
    expect((await begin(2)).maxUsd).toBeCloseTo((10 - 2 - 5.4 - 2.4) / 4);
  });

  it('gives no document more than the first run did', async () => {
    const { ended, begin } = upload(limits);
    await ended('spring', 9, 0.1, succeeded(1));
    await ended('spring', 1, 1, FAILED);
    expect(await begin(1)).toMatchObject({ maxUsd: 1, problem: null });
  });

  it('does not start when nothing is left', async () => {
    const { ended, begin } = upload(limits);
    await ended('spring', 10, 1, FAILED);
    expect(await begin(1)).toMatchObject({
      documents: 0,
      problem: {
        error: 'Run.LimitSpent',
        cause:
          'The limit of the upload is spent. Upload the failed documents again as another upload, with a limit of its own.',
      },
    });
  });

  it('is not limited where its upload is not', async () => {
    const { ended, begin } = upload({ maxUsdPerDocument: 1 });
    await ended('spring', 10, 1, FAILED);
    expect(await begin(1)).toMatchObject({ maxUsd: 1, problem: null });
  });
});

it('the shares of all documents that have not succeeded never exceed what is left', () => {
  for (const documents of [1, 3, 7, 10_000])
    for (const paying of [1, 2, 3, 7, 9_999].filter((count) => count <= documents))
      for (let done = 0; done < Math.min(paying, 5); done += 1) {
        const left = 10 - done;
        const share = shareOfRetry(10, 10 / paying, documents, { usd: done, succeeded: done });
        expect((share ?? 0) * (paying - done)).toBeLessThanOrEqual(left + 1e-9);
      }
});
