import { describe, expect, it } from 'vitest';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { collect, freshId } from './samples.ts';

export interface ArtifactsUnderTest {
  readonly artifacts: Artifacts;
  /** An existing bucket. */
  readonly bucket: string;
}

/** The contract of every artifact store. */
export function artifactsContract(open: () => Promise<ArtifactsUnderTest>): void {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

  describe('put and get', () => {
    it('return the same bytes, even none, and text as UTF-8', async () => {
      const { artifacts, bucket } = await open();
      const key = `${freshId()}/größe & maß+1.bin`;
      const bytes = Uint8Array.from({ length: 1_000 }, (_, n) => n % 256);
      await artifacts.put({ bucket, key }, bytes, 'application/pdf');
      expect(Buffer.from(await artifacts.get({ bucket, key })).equals(bytes)).toBe(true);
      await artifacts.put({ bucket, key }, 'naïve 📄', 'text/plain');
      expect(Buffer.from(await artifacts.get({ bucket, key })).toString()).toBe('naïve 📄');
      await artifacts.put({ bucket, key }, new Uint8Array(), 'text/plain');
      expect((await artifacts.get({ bucket, key })).length).toBe(0);
    });

    it('return an object larger than one part', async () => {
      const { artifacts, bucket } = await open();
      const key = `${freshId()}/big.bin`;
      const bytes = Buffer.alloc(17 * 1024 * 1024 + 3, 'contract');
      await artifacts.put({ bucket, key }, bytes, 'application/octet-stream');
      expect(Buffer.from(await artifacts.get({ bucket, key })).equals(bytes)).toBe(true);
    });

    it('fail permanently for an object that does not exist, with its name', async () => {
      const { artifacts, bucket } = await open();
      const missing = artifacts.get({ bucket, key: 'nowhere/nda.pdf' });
      await expect(missing).rejects.toMatchObject({
        failure: { kind: 'permanent', reason: expect.stringContaining('nowhere/nda.pdf') as string },
      });
    });
  });

  describe('create', () => {
    it('writes an object once, even if many do at the same time', async () => {
      const { artifacts, bucket } = await open();
      const key = `${freshId()}/once`;
      const written = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (text) =>
          (await artifacts.create({ bucket, key }, text, 'text/plain')) ? text : '',
        ),
      );
      const stored = Buffer.from(await artifacts.get({ bucket, key })).toString();
      expect(written.filter((text) => text !== '')).toEqual([stored]);
      expect(await artifacts.create({ bucket, key }, 'later', 'text/plain')).toBe(false);
      expect(Buffer.from(await artifacts.get({ bucket, key })).toString()).toBe(stored);
    });
  });

  describe('list', () => {
    it('returns the objects below a prefix, in key order', async () => {
      const { artifacts, bucket } = await open();
      const prefix = `${freshId()}/`;
      for (const name of ['b.pdf', 'a/z.pdf', 'a.pdf', 'ä.pdf', 'B.pdf']) {
        await artifacts.put({ bucket, key: prefix + name }, utf8(name), 'application/pdf');
      }
      await artifacts.put({ bucket, key: `${freshId()}/other.pdf` }, 'x', 'application/pdf');
      const listed = await collect(artifacts.list(bucket, prefix));
      expect(listed.map(({ key }) => key)).toEqual(
        ['B.pdf', 'a.pdf', 'a/z.pdf', 'b.pdf', 'ä.pdf'].map((name) => prefix + name),
      );
      expect(listed.map(({ size }) => size)).toEqual([5, 5, 7, 5, 6]);
      expect(await collect(artifacts.list(bucket, `${freshId()}/`))).toEqual([]);
    });

    it('returns when an object was written, and written again', async () => {
      const { artifacts, bucket } = await open();
      const key = `${freshId()}/a`;
      const modified = async () => (await collect(artifacts.list(bucket, key))).map(({ modifiedAt }) => modifiedAt);
      // Stores may keep whole seconds.
      const from = Date.now() - 1_000;
      await artifacts.put({ bucket, key }, 'a', 'text/plain');
      const [first = 0] = await modified();
      expect(first).toBeGreaterThanOrEqual(from);
      expect(first).toBeLessThanOrEqual(Date.now());
      await artifacts.put({ bucket, key }, 'b', 'text/plain');
      expect((await modified())[0]).toBeGreaterThanOrEqual(first);
    });

    it('returns the same etag for the same bytes, without quotes', async () => {
      const { artifacts, bucket } = await open();
      const prefix = `${freshId()}/`;
      for (const [name, text] of [
        ['a', 'same'],
        ['b', 'same'],
        ['c', 'other'],
      ] as const) {
        await artifacts.put({ bucket, key: prefix + name }, text, 'text/plain');
      }
      const etags = (await collect(artifacts.list(bucket, prefix))).map(({ etag }) => etag);
      expect(etags[0]).toBe(etags[1]);
      expect(etags[2]).not.toBe(etags[0]);
      expect(etags.join('')).toMatch(/^[0-9a-f]+$/);
    });
  });
}
