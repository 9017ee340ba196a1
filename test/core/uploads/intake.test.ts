import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createdObjects, mergeNews, newsOf, notificationSchema } from '#core/uploads/events.ts';
import { intake, type UploadNews } from '#core/uploads/intake.ts';
import { runName } from '#core/uploads/upload.ts';
import { inMemoryIntakeQueue } from '../../support/fakes/in-memory-intake-queue.ts';
import { inMemoryUploadStore } from '../../support/fakes/in-memory-upload-store.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';
import { recordingRuns } from '../../support/fakes/recording-runs.ts';
import { seededIds } from '../../support/fakes/seeded-ids.ts';

const T0 = Date.UTC(2026, 10, 23);
const none = { uploadId: 'u', objectAt: null, manifestAt: null, manifestTags: [], check: false } as const;
const object = (at: number): UploadNews => ({ ...none, objectAt: at });
const manifest = (at: number, ...manifestTags: string[]): UploadNews => ({ ...none, manifestAt: at, manifestTags });
const check: UploadNews = { ...none, check: true };

function setUp() {
  const clock = manualClock(T0);
  const runs = recordingRuns();
  /** The manifest as S3 has it. Foreign uploads have an empty one, or none. */
  const stored: { manifest: { text: string; etag: string } | null } = { manifest: { text: '', etag: 'empty' } };
  const ports = {
    uploads: inMemoryUploadStore(),
    manifests: { read: async () => stored.manifest },
    queue: inMemoryIntakeQueue(clock),
    runs,
    clock,
    ids: seededIds(1),
    quietMs: 60_000,
  };
  return {
    ...ports,
    stored,
    runs,
    tell: (news: UploadNews) => intake(ports, news),
    names: () => [...runs.started.keys()],
  };
}

describe('an upload', () => {
  it('starts once at its manifest, however often and in whatever order the events arrive', async () => {
    const events = [object(T0), object(T0 + 1), object(T0 + 2), manifest(T0 + 3)];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...events, ...events, ...events], { minLength: 12 }), async (shuffled) => {
        const u = setUp();
        for (const news of shuffled) await u.tell(news);
        u.clock.advance(200_000);
        await u.tell(check);
        expect(u.names()).toEqual(['u']);
      }),
    );
  });

  it('starts after 60 seconds without a new object', async () => {
    const u = setUp();
    u.stored.manifest = null;
    await u.tell(object(T0));
    u.clock.advance(50_000);
    await u.tell(object(T0 + 50_000));
    u.clock.advance(10_000);
    await u.tell(check);
    expect(u.names()).toEqual([]);
    u.clock.advance(50_000);
    await u.tell(check);
    expect(u.names()).toEqual(['u']);
  });

  it.each([
    ['', 0],
    [' and the clock is set back', 120_000],
  ])('starts even if the check overtakes the write it was sent for%s', async (_, setBackMs) => {
    const u = setUp();
    u.stored.manifest = null;
    const uploads = {
      ...u.uploads,
      async replace(next: Parameters<typeof u.uploads.replace>[0]) {
        u.clock.advance(61_000);
        u.clock.set(u.clock.now() - setBackMs);
        for (const uploadId of u.queue.due()) await u.tell({ ...check, uploadId });
        return u.uploads.replace(next);
      },
    };
    await intake({ ...u, uploads }, object(T0));
    expect(u.names()).toEqual([]);
    u.clock.set(u.clock.now() + setBackMs);
    for (const uploadId of u.queue.due()) await u.tell({ ...check, uploadId });
    expect(u.names()).toEqual(['u']);
  });

  it('later files start a follow-up run with its own name', async () => {
    const u = setUp();
    await u.tell(manifest(T0));
    await u.tell(object(T0 + 5_000));
    u.clock.advance(70_000);
    await u.tell(check);
    await u.tell(check);
    expect(u.names()).toEqual(['u', 'u--2']);
  });

  it('a failed start is retried when the message is redelivered', async () => {
    const u = setUp();
    const broken = { ...u, runs: { start: () => Promise.reject(new Error('throttled')) } };
    await expect(intake(broken, manifest(T0))).rejects.toThrow('throttled');
    await u.tell(manifest(T0));
    expect(u.names()).toEqual(['u']);
  });

  it('starts every round, even one whose start failed before the next round was decided', async () => {
    const u = setUp();
    const broken = { ...u, runs: { start: () => Promise.reject(new Error('throttled')) } };
    await expect(intake(broken, manifest(T0))).rejects.toThrow('throttled');
    await u.tell(manifest(T0 + 1_000));
    expect(u.names()).toEqual(['u', 'u--2']);
  });

  it('creates run names that are valid in Step Functions and unique per upload', () => {
    const ids = seededIds(1);
    const names = ['June contracts (2)', 'june-contracts-2', 'ünï', 'x'.repeat(300)].flatMap((id) => [
      runName(ids, id, 1),
      runName(ids, id, 12),
    ]);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    expect(new Set(names).size).toBe(names.length);
  });
});

const OPEN = { text: '{"state":"open","maxUsdPerDocument":0.01}', etag: 'open' };
const COMPLETE = { text: '{"state":"complete","maxUsdPerDocument":0.01}', etag: 'complete' };

describe('an upload whose manifest came first', () => {
  it.each(['open', 'given-up'])('never starts by itself while it is %s, however long it is quiet', async (state) => {
    const u = setUp();
    u.stored.manifest = { text: JSON.stringify({ state }), etag: state };
    await u.tell(manifest(T0, state));
    await u.tell(object(T0 + 1));
    for (let minute = 0; minute < 10; minute += 1) {
      u.clock.advance(61_000);
      for (const uploadId of u.queue.due()) await u.tell({ ...check, uploadId });
      await u.tell(check);
    }
    expect(u.names()).toEqual([]);
  });

  it('starts once when it is complete, in whatever order and however late the events arrive', async () => {
    const events = [manifest(T0, 'open'), object(T0 + 1), object(T0 + 2), manifest(T0 + 3, 'complete'), check];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events], { minLength: 10 }),
        fc.nat({ max: 10 }),
        async (shuffled, completedAfter) => {
          const u = setUp();
          u.stored.manifest = OPEN;
          u.clock.advance(100_000);
          let startedWhileOpen = 0;
          for (const [index, news] of shuffled.entries()) {
            // S3 cannot announce the second manifest before it is stored.
            if (index >= completedAfter || news.manifestTags[0] === 'complete') u.stored.manifest = COMPLETE;
            await u.tell(news);
            if (u.stored.manifest === OPEN) startedWhileOpen += u.names().length;
          }
          expect(startedWhileOpen).toBe(0);
          expect(u.names()).toEqual(['u']);
        },
      ),
    );
  });

  it('ignores a manifest that was replaced: the newer one has an event of its own', async () => {
    const u = setUp();
    u.stored.manifest = COMPLETE;
    await u.tell(manifest(T0, 'open'));
    expect(u.names()).toEqual([]);
    await u.tell(manifest(T0 + 5, 'complete'));
    expect(u.names()).toEqual(['u']);
  });

  it('starts with an invalid manifest, so that its report says what is wrong', async () => {
    const u = setUp();
    u.stored.manifest = { text: '{"maxUsdPerDocument":"0.25"}', etag: 'wrong' };
    await u.tell(manifest(T0, 'wrong'));
    expect(u.names()).toEqual(['u']);
  });
});

describe('an upload with a limit for the whole', () => {
  const LIMITED = { text: '{"state":"complete","maxUsd":1,"maxUsdPerDocument":0.01}', etag: 'complete' };
  const files = [object(T0 + 1), object(T0 + 2)];
  const completed = manifest(T0 + 3, 'complete');
  const files2 = [object(T0 + 5_000), object(T0 + 6_000)];

  function limited() {
    const u = setUp();
    u.stored.manifest = LIMITED;
    return {
      ...u,
      /** Lets it be quiet, and returns whether anything was reported as late. */
      async quiet() {
        u.clock.advance(200_000);
        const taken = [];
        for (const uploadId of u.queue.due()) taken.push(await u.tell({ ...check, uploadId }));
        return taken.some(({ late }) => late);
      },
    };
  }

  it('has one run, and says once that later files are in none', async () => {
    const u = limited();
    for (const news of [...files, completed]) await u.tell(news);
    expect(await u.quiet()).toBe(false);
    for (const news of files2) await u.tell(news);
    expect(await u.quiet()).toBe(true);
    expect(await u.uploads.get('u')).toMatchObject({ rounds: 1, started: 1, lateAt: T0 + 6_000, checkAt: null });
    for (const news of [...files2, ...files, completed]) await u.tell(news);
    expect(await u.quiet()).toBe(false);
    expect(u.names()).toEqual(['u']);
  });

  it('takes late and duplicate events of the files in its run for what they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...files, ...files, completed, completed], { minLength: 6 }),
        async (all) => {
          const u = limited();
          for (const news of all) {
            expect((await u.tell(news)).late).toBe(false);
            expect(await u.quiet()).toBe(false);
          }
          expect(u.names()).toEqual(['u']);
          expect((await u.uploads.get('u'))?.lateAt).toBeUndefined();
        },
      ),
    );
  });

  it('has one run in whatever order the events of later files arrive', async () => {
    const events = [...files, completed, ...files2, ...files2, check, check];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (all) => {
        const u = limited();
        for (const news of all) await u.tell(news);
        await u.quiet();
        await u.tell(check);
        expect(u.names()).toEqual(['u']);
        expect((await u.uploads.get('u'))?.lateAt).toBe(T0 + 6_000);
      }),
    );
  });

  it('has no other run when its manifest is written again', async () => {
    const u = limited();
    await u.tell(completed);
    expect(await u.tell(manifest(T0 + 9, 'complete'))).toEqual({ started: null, late: true });
    expect(await u.tell(manifest(T0 + 9, 'complete'))).toEqual({ started: null, late: false });
    expect(u.names()).toEqual(['u']);
  });

  it('starts its run at the next message if the start failed', async () => {
    const u = limited();
    const broken = { ...u, runs: { start: () => Promise.reject(new Error('throttled')) } };
    await expect(intake(broken, completed)).rejects.toThrow('throttled');
    await u.tell(manifest(T0 + 9, 'complete'));
    expect(u.names()).toEqual(['u']);
  });
});

describe('S3 events', () => {
  const record = (key: string, eventName = 'ObjectCreated:Put') => ({
    eventName,
    eventTime: '2026-11-23T00:00:00.000Z',
    s3: { object: { key } },
  });

  it('have form-encoded keys, are skipped outside of uploads, and are merged per batch', () => {
    const Records = [
      record('uploads/June+contracts/a%2Bb.pdf'),
      record('elsewhere/x.pdf'),
      record('uploads/u/x.pdf', 'ObjectRemoved:Delete'),
    ];
    expect(newsOf({ Records })).toEqual([{ ...none, uploadId: 'June contracts', objectAt: T0 }]);
    expect(mergeNews([object(1), object(3), manifest(2, 'a'), manifest(1, 'b')])).toEqual([
      { ...none, objectAt: 3, manifestAt: 2, manifestTags: ['a', 'b'] },
    ]);
  });

  it('say how large an object is, if S3 does', () => {
    const Records = [{ ...record('a'), s3: { object: { key: 'a', size: 7 } } }, record('b')];
    expect(createdObjects(notificationSchema.parse({ Records })).map(({ size }) => size)).toEqual([7, undefined]);
  });

  it('name a manifest only at the top level of an upload', () => {
    expect(newsOf({ Records: [record('uploads/u/_manifest.json')] })[0]).toMatchObject({
      manifestAt: T0,
      objectAt: null,
    });
    expect(newsOf({ Records: [record('uploads/u/sub/_manifest.json')] })[0]).toMatchObject({
      manifestAt: null,
      objectAt: T0,
    });
  });
});
