import { describe, expect, it } from 'vitest';
import { freezeDocuments, runDocumentsKey } from '#core/runs/freeze-documents.ts';
import { inMemoryArtifacts } from '../../support/fakes/in-memory-artifacts.ts';

const BUCKET = 'uploads';
const RUN = { runId: 'spring--2', uploadId: 'spring' };

/** An upload, and what happens to it while it is listed, each time. */
function harness(...meanwhile: readonly (() => Promise<void>)[]) {
  let second = 0;
  const artifacts = inMemoryArtifacts(() => second * 1_000);
  const put = async (file: string, text = 'bytes') => {
    second += 1;
    await artifacts.put({ bucket: BUCKET, key: `uploads/spring/${file}` }, text, 'text/plain');
  };
  const stored = async (file: string) => {
    for await (const object of artifacts.list(BUCKET, `uploads/spring/${file}`)) return object;
    return null;
  };
  const todo = [...meanwhile];
  const text = async (file: string) =>
    new TextDecoder().decode(await artifacts.get({ bucket: BUCKET, key: `uploads/spring/${file}` }));
  const manifests = {
    async read() {
      const object = await stored('_manifest.json');
      const read = object && { text: await text('_manifest.json'), etag: object.etag };
      await todo.shift()?.();
      return read;
    },
  };
  return {
    put,
    todo,
    freeze: () => freezeDocuments({ manifests, artifacts, bucket: BUCKET }, RUN),
    list: async () =>
      JSON.parse(
        new TextDecoder().decode(await artifacts.get({ bucket: BUCKET, key: runDocumentsKey(RUN.runId) })),
      ) as unknown,
  };
}

describe('the list of a run’s documents', () => {
  it('has what Step Functions lists, without the manifest and the folder markers of consoles', async () => {
    const h = harness();
    for (const file of ['b.pdf', 'sub/', 'sub/a.pdf', 'sub/_manifest.json']) await h.put(file);
    await h.put('_manifest.json', '{}');
    expect(await h.freeze()).toMatchObject({ late: 0, maxUsd: null });
    const item = (file: string) => ({ Key: `uploads/spring/${file}`, Etag: expect.stringMatching(/^\w+$/), Size: 5 });
    expect(await h.list()).toEqual([item('b.pdf'), item('sub/_manifest.json'), item('sub/a.pdf')]);
  });

  it('belongs to the manifest that was read: one that is replaced meanwhile is read again', async () => {
    const h = harness();
    await h.put('a.pdf');
    await h.put('_manifest.json', '{"maxUsd":4}');
    h.todo.push(() => h.put('_manifest.json', '{"maxUsd":1}'));
    expect(await h.freeze()).toMatchObject({ maxUsd: 1 });
  });

  it('is not written when the manifest no longer says that the upload is complete', async () => {
    const h = harness();
    await h.put('a.pdf');
    await h.put('_manifest.json', '{}');
    h.todo.push(() => h.put('_manifest.json', '{"state":"given-up"}'));
    expect(await h.freeze()).toBeNull();
    await expect(h.list()).rejects.toThrow('does not exist');
  });

  it('is tried again by the state machine when the manifest changes all the time', async () => {
    const h = harness();
    await h.put('_manifest.json', '{}');
    for (let n = 0; n < 9; n += 1) h.todo.push(() => h.put('_manifest.json', `{"maxUsd":${n + 1}}`));
    await expect(h.freeze()).rejects.toThrow('changes while its run begins');
  });

  it('is that of an upload without a manifest too', async () => {
    const h = harness();
    await h.put('a.pdf');
    expect(await h.freeze()).toMatchObject({ documents: [{ key: 'uploads/spring/a.pdf' }], maxUsd: null });
  });
});
