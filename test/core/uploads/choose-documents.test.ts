import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedArtifact } from '#core/ports/artifacts.ts';
import { chooseDocuments } from '#core/uploads/choose-documents.ts';
import type { UploadManifest } from '#core/uploads/upload-manifest.ts';

const MANIFEST_AT = 100_000;
const document = (key: string, modifiedAt: number): ListedArtifact => ({ key, modifiedAt, size: 1, etag: key });
const inTime = (...keys: string[]) => keys.map((key) => document(key, MANIFEST_AT - 1_000));

function chosen(documents: readonly ListedArtifact[], limits: Partial<UploadManifest>) {
  const manifest = { state: 'complete', ...limits } as const;
  const { documents: list, ...rest } = chooseDocuments({ documents, manifest, manifestAt: MANIFEST_AT });
  return { keys: list.map(({ key }) => key), ...rest };
}

describe('the documents of an upload with a limit for the whole', () => {
  const late = document('late', MANIFEST_AT + 1_000);
  const same = document('a-same-second', MANIFEST_AT);

  it('are those that were there when its manifest was written', () => {
    const limits = { documents: 2, maxUsd: 1, maxUsdPerDocument: 0.5 };
    expect(chosen([...inTime('a', 'b'), late], limits)).toEqual({ keys: ['a', 'b'], late: 1, maxUsd: 0.5 });
  });

  it('are as many as the manifest counts, the first ones, when others were written in the same second', () => {
    const limits = { documents: 2, maxUsd: 1, maxUsdPerDocument: 1 };
    expect(chosen([same, ...inTime('b', 'c'), late], limits)).toEqual({ keys: ['b', 'c'], late: 2, maxUsd: 0.5 });
  });

  it('keep the uploader’s share, which leaves out documents that cost nothing', () => {
    const limits = { documents: 3, maxUsd: 1, maxUsdPerDocument: 0.5 };
    expect(chosen(inTime('a', 'b', 'nothing'), limits).maxUsd).toBe(0.5);
  });

  it('have an equal share without one of the uploader', () => {
    expect(chosen(inTime('a', 'b', 'c', 'd'), { maxUsd: 1 })).toMatchObject({ late: 0, maxUsd: 0.25 });
  });

  it('never cost more than the limit together, whatever was put when, and whatever the manifest counts', () => {
    const times = fc.array(fc.integer({ min: 97, max: 103 }), { maxLength: 12 });
    const counts = fc.option(fc.nat({ max: 12 }), { nil: undefined });
    fc.assert(
      fc.property(times, counts, fc.boolean(), (seconds, documents, divided) => {
        const all = seconds.map((second, index) => document(String(index).padStart(2, '0'), second * 1_000));
        const each = divided && documents ? { maxUsdPerDocument: 1 / documents } : {};
        const {
          keys,
          maxUsd,
          late: left,
        } = chosen(all, {
          maxUsd: 1,
          ...(documents !== undefined && { documents }),
          ...each,
        });
        expect(keys.length * (maxUsd ?? Infinity)).toBeLessThanOrEqual(1 + 1e-9);
        expect(keys.length + left).toBe(all.length);
        expect(keys.length).toBeLessThanOrEqual(documents ?? Infinity);
        const there = seconds.filter((second) => second <= 100).length;
        expect(keys.length).toBe(Math.min(there, documents ?? there));
      }),
    );
  });
});

it('an upload without a limit for the whole has every document that is there', () => {
  const all = [...inTime('a'), document('later', MANIFEST_AT + 60_000)];
  expect(chosen(all, { documents: 1, maxUsdPerDocument: 0.1 })).toEqual({ keys: ['a', 'later'], late: 0, maxUsd: 0.1 });
  expect(chosen(all, {})).toMatchObject({ late: 0, maxUsd: null });
});
