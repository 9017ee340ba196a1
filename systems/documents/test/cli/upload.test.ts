import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { terminalOutput } from '#cli/terminal/output.ts';
import { startS3 } from '@agent-fleet/local-cloud/testing/s3';
import { holdsBack, parseUploadManifest } from '#core/uploads/upload-manifest.ts';
import { requireManifestFirst } from '../../cli/connection.ts';
import { agreeToReplace } from '../../cli/consent.ts';
import { discard, discardUpload } from '../../cli/discard.ts';
import { findDocuments } from '../../cli/find-documents.ts';
import { interruptedUpload, replacedBy } from '../../cli/interrupted-upload.ts';
import { readManifest } from '../../cli/manifest.ts';
import { storedObjects } from '../../cli/stored-objects.ts';
import { upload, type UploadOptions } from '../../cli/upload.ts';

const LIMITS = { maxUsd: 2, maxUsdPerDocument: 1 };
const MANIFEST = 'uploads/u/_manifest.json';

/** A bucket, and a folder with these files, which are older than any upload. */
async function harness(files: readonly string[]) {
  const s3 = await startS3();
  await s3.bucket('uploads');
  const folder = mkdtempSync(join(tmpdir(), 'upload-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of files) {
    writeFileSync(join(folder, file), `content of ${file}`);
    utimesSync(join(folder, file), 1, 1);
  }
  const outputs = { UploadBucket: 'uploads', StateTable: 'table', StateMachineArn: 'arn' };
  const connection = { s3: s3.client, outputs };
  return {
    connection,
    remove: (file: string) => rmSync(join(folder, file)),
    deleted: (Key: string) => s3.client.send(new DeleteObjectCommand({ Bucket: 'uploads', Key })),
    put: (key: string, text: string) => s3.put('uploads', key, text),
    found: async () => findDocuments(folder),
    upload: async (options?: UploadOptions) => upload(connection, 'u', await findDocuments(folder), LIMITS, options),
    async keys(): Promise<readonly string[]> {
      const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: 'uploads' }));
      return Contents.map(({ Key = '' }) => Key.replace('uploads/u/', '')).toSorted();
    },
    /** The number of documents that are stored. */
    async stored(): Promise<number> {
      let documents = 0;
      for await (const _ of storedObjects(connection, 'u')) documents += 1;
      return documents;
    },
    manifest: () => readManifest(connection, 'u'),
    /** Whether the intake holds the upload back now. */
    held: async () => holdsBack(parseUploadManifest(await s3.get('uploads', MANIFEST))),
    /** Does something before the nth call of this kind. */
    before(command: string, nth: number, act: () => Promise<unknown>): void {
      let calls = 0;
      s3.client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            if (commandName === command && (calls += 1) === nth) await act();
            return next(args);
          },
        { step: 'initialize' },
      );
    },
  };
}

describe('an upload that is discarded', () => {
  it('is given up before its first document is deleted, and its manifest stays with the limit', async () => {
    const h = await harness([]);
    await h.put(MANIFEST, '{"state":"open","maxUsd":2}');
    for (const file of ['a.pdf', 'b.pdf']) await h.put(`uploads/u/${file}`, 'x');
    const state: unknown[] = [];
    h.before('DeleteObjectsCommand', 1, async () => state.push(await h.manifest()));
    expect(await discard(h.connection, 'u')).toBe(2);
    expect(state).toEqual([{ state: 'given-up', documents: 0, maxUsd: 2 }]);
    expect(await h.keys()).toEqual(['_manifest.json']);
    expect(await h.held()).toBe(true);
    expect(await discard(h.connection, 'u')).toBe(0);
  });

  it.each(['open', 'given-up'])('is not continued, whether it was %s before', async (state) => {
    const h = await harness([]);
    await h.put(MANIFEST, JSON.stringify({ state, documents: 2, maxUsd: 2 }));
    await h.put('uploads/u/a.pdf', 'x');
    expect((await interruptedUpload(h.connection, 'u')).manifest).toMatchObject({ maxUsd: 2 });
    expect(await discardUpload(h.connection, 'u')).toBe('Deleted 1 document of the upload u. It never starts.');
    await expect(interruptedUpload(h.connection, 'u')).rejects.toMatchObject({
      message: 'The upload u was discarded.',
      remedy: 'Start a new one: npm run fleet -- documents FOLDER.',
      exitCode: 2,
    });
  });

  it('says so when it is discarded again, unless something was left', async () => {
    const h = await harness([]);
    await h.put(MANIFEST, '{"state":"open","documents":1}');
    expect(await discardUpload(h.connection, 'u')).toContain('Deleted 0 documents');
    expect(await discardUpload(h.connection, 'u')).toBe('The upload u was discarded already. It never starts.');
    await h.put('uploads/u/left.pdf', 'x');
    expect(await discardUpload(h.connection, 'u')).toContain('Deleted 1 document ');
  });

  it('is not completed by the command that uploads it', async () => {
    const h = await harness(['a.pdf']);
    // The first is the open manifest, the second the document.
    h.before('PutObjectCommand', 2, () => discard(h.connection, 'u'));
    await expect(h.upload()).rejects.toThrow('Another command has continued, completed or discarded');
    expect(await h.held()).toBe(true);
  });

  it('is left alone if it is complete, also if it becomes complete meanwhile', async () => {
    const h = await harness(['a.pdf']);
    await h.put(MANIFEST, '{"state":"open"}');
    await h.put('uploads/u/a.pdf', 'x');
    let completed = false;
    h.before('PutObjectCommand', 1, async () => {
      completed = true;
      await h.put(MANIFEST, '{"state":"complete"}');
    });
    await expect(discard(h.connection, 'u')).rejects.toThrow('Another command');
    expect(completed).toBe(true);
    await expect(discard(h.connection, 'u')).rejects.toThrow('is complete, and its run has started');
    expect(await h.keys()).toEqual(['_manifest.json', 'a.pdf']);
  });

  it('deletes no more once another command continues it', async () => {
    const h = await harness([]);
    await h.put(MANIFEST, '{"state":"open"}');
    await Promise.all(Array.from({ length: 1_001 }, (_, n) => h.put(`uploads/u/${n}.pdf`, 'x')));
    // The first read is the discard's own, then one comes before each request of up to 1,000 keys.
    h.before('GetObjectCommand', 3, () => h.put(MANIFEST, '{"state":"open","documents":1}'));
    await expect(discard(h.connection, 'u')).rejects.toThrow('Another command');
    expect(await h.stored()).toBe(1);
  });

  it('says so when another command continued it during the last request', async () => {
    const h = await harness([]);
    await h.put(MANIFEST, '{"state":"open"}');
    await h.put('uploads/u/a.pdf', 'x');
    h.before('DeleteObjectsCommand', 1, () => h.put(MANIFEST, '{"state":"open","documents":1}'));
    await expect(discard(h.connection, 'u')).rejects.toThrow('Another command');
  });

  it('says which object S3 did not delete', async () => {
    const h = await harness([]);
    await h.put(MANIFEST, '{"state":"open"}');
    await h.put('uploads/u/a.pdf', 'x');
    const { middlewareStack } = h.connection.s3;
    const refuse = { Errors: [{ Key: 'uploads/u/a.pdf', Code: 'AccessDenied' }] };
    middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          return commandName === 'DeleteObjectsCommand' ? { ...answer, output: refuse as never } : answer;
        },
      { step: 'initialize' },
    );
    await expect(discard(h.connection, 'u')).rejects.toThrow('did not delete uploads/u/a.pdf: AccessDenied');
  });
});

describe('an upload that is continued', () => {
  it('says what it keeps, deletes and adds, and asks before it keeps nothing', async () => {
    const h = await harness(['a.pdf', 'b.pdf', 'c.pdf']);
    await h.put('uploads/u/old.pdf', 'x');
    const other = await replacedBy(h.connection, 'u', await h.found());
    expect(other).toEqual({ kept: 0, deleted: 1, added: 3 });
    await h.put('uploads/u/a.pdf', 'x');
    const same = await replacedBy(h.connection, 'u', await h.found());
    const said: string[] = [];
    const output = { ...terminalOutput(true), line: (text = '') => void said.push(text) };
    const consent = { yes: false, output, signal: new AbortController().signal };
    await agreeToReplace(same, consent);
    expect(said).toEqual(['Continues the upload: 1 document of it stays, 1 deleted, 2 added.']);
    await expect(agreeToReplace(other, consent)).rejects.toThrow(
      'The folder has no document of the upload. 0 documents of it stay, 1 deleted, 3 added.',
    );
    await agreeToReplace(other, { ...consent, yes: true });
  });

  it('does not start when a command that was discarding it has deleted a document that it kept', async () => {
    const h = await harness(['a.pdf', 'b.pdf']);
    await h.put('uploads/u/a.pdf', 'content of a.pdf');
    // The first is the open manifest, the second the document that is not stored yet.
    h.before('PutObjectCommand', 2, () => h.deleted('uploads/u/a.pdf'));
    await expect(h.upload()).rejects.toThrow('has deleted 1 document ');
    expect(await h.held()).toBe(true);
  });

  it('has only the documents of the folder when its run starts, so that their limits are those of the whole', async () => {
    const h = await harness(['a.pdf', 'b.pdf', 'c.pdf']);
    const stop = new AbortController();
    const stopAtEnd = { signal: stop.signal, onProgress: (done: number) => void (done === 3 && stop.abort()) };
    await expect(h.upload(stopAtEnd)).rejects.toThrow('aborted');
    expect(await h.manifest()).toMatchObject({ state: 'given-up' });
    h.remove('c.pdf');
    h.remove('b.pdf');
    const seen: unknown[] = [];
    let deleted = 0;
    await h.upload({
      onDeleted: (documents) => void (deleted = documents),
      onStart: () => void seen.push(h.keys()),
    });
    expect(await seen[0]).toEqual(['_manifest.json', 'a.pdf']);
    expect(deleted).toBe(2);
    expect(await h.manifest()).toEqual({ documents: 1, ...LIMITS, state: 'complete' });
  });

  it('has none of a document that cannot be read any more', async () => {
    const h = await harness(['a.pdf', 'b.pdf']);
    await h.put(MANIFEST, '{"state":"open"}');
    await h.put('uploads/u/b.pdf', 'content of b.pdf');
    const skipped: string[] = [];
    h.before('ListObjectsV2Command', 1, async () => h.remove('b.pdf'));
    await h.upload({ onSkipped: ({ file }) => skipped.push(file) });
    expect(skipped).toEqual(['b.pdf']);
    expect(await h.keys()).toEqual(['_manifest.json', 'a.pdf']);
    // A file that comes later must not take its place.
    expect(await h.manifest()).toMatchObject({ state: 'complete', documents: 1 });
  });

  it('is not reopened when another command has completed it since its manifest was read', async () => {
    const h = await harness(['a.pdf']);
    const replaces = await h.put(MANIFEST, '{"state":"given-up"}');
    await h.put(MANIFEST, '{"state":"complete"}');
    await expect(h.upload({ replaces })).rejects.toThrow('Another command');
    expect(await h.manifest()).toEqual({ state: 'complete' });
  });

  it('stops, and deletes nothing, when another command has completed it meanwhile', async () => {
    const h = await harness(['a.pdf']);
    // The first is the open manifest, the second the document.
    h.before('PutObjectCommand', 2, async () => {
      await h.put('uploads/u/theirs.pdf', 'x');
      await h.put(MANIFEST, '{"state":"complete"}');
    });
    await expect(h.upload()).rejects.toThrow('Another command');
    expect(await h.keys()).toContain('theirs.pdf');
  });

  it('uploads few documents more once another command has completed it', async () => {
    const files = Array.from({ length: 80 }, (_, index) => `${index}.pdf`);
    const h = await harness(files);
    h.before('PutObjectCommand', 2, () => h.put(MANIFEST, '{"state":"complete"}'));
    await expect(h.upload()).rejects.toThrow('Another command');
    expect((await h.keys()).length).toBeLessThan(50);
  });

  it('is complete also when the response of its last write was lost', async () => {
    const h = await harness(['a.pdf']);
    const complete = JSON.stringify({ documents: 1, ...LIMITS, state: 'complete' });
    h.before('PutObjectCommand', 3, () => h.put(MANIFEST, complete));
    await h.upload();
    expect(await h.manifest()).toMatchObject({ state: 'complete' });
  });
});

it('a fleet of release 0.2, which starts a run at any manifest, gets no upload from this one', () => {
  const outputs = { UploadBucket: 'b', StateTable: 't', StateMachineArn: 'arn' };
  expect(() => requireManifestFirst({ outputs })).toThrow('is of an earlier release');
  expect(() => requireManifestFirst({ outputs: { ...outputs, UploadStates: 'open' } })).not.toThrow();
});
