import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3SetAside } from '#adapters/s3/set-aside.ts';
import { failedEffectsSchema, rejectedSchema, waitsAgain } from '#core/streams/again.ts';
import { EMPTY } from '#core/streams/subject-item.ts';

/** A bucket that keeps what is put. */
function bucket() {
  const objects = new Map<string, unknown>();
  const send = async ({ input }: PutObjectCommand): Promise<void> =>
    void objects.set(input.Key ?? '', typeof input.Body === 'string' ? JSON.parse(input.Body) : undefined);
  const client = { send } as unknown as S3Client;
  return { objects, store: s3SetAside({ bucket: 'b', router: 'market', client }) };
}

const record = {
  stream: 'numbers',
  partition: 'shardId-000000000000',
  position: '7',
  key: 's-1',
  bytes: Buffer.from('{'),
  arrivedAt: Date.parse('2026-11-30T14:30:00Z'),
};
const waiting = { id: 'e-1', effect: { id: 'e-1', to: 'desk' }, since: record.arrivedAt, attempts: 20 };

describe('what was set aside', () => {
  it('lies in one object per batch, under the same key however often, and can be read again', async () => {
    const { objects, store } = bucket();
    const rejected = [{ record, reason: 'not-json', detail: 'Send JSON.' }] as const;
    await store.putRecords(rejected);
    await store.putRecords(rejected);
    const [[key, body] = []] = [...objects];
    expect(objects.size).toBe(1);
    expect(key).toMatch(/^rejected\/market\/2026-11-30\/shardId-000000000000-7-[0-9a-f]{16}\.json$/);
    const [read] = rejectedSchema.parse(body).records;
    expect(Buffer.from(read?.bytes ?? '', 'base64')).toEqual(record.bytes);
  });

  it('as an effect waits in the outbox again, once', async () => {
    const { objects, store } = bucket();
    await store.putEffects([{ subject: 's-1', effect: waiting, error: 'down' }]);
    const [body] = [...objects.values()];
    const [failed] = failedEffectsSchema.parse(body).effects;
    const next = failed && waitsAgain(EMPTY, failed.effect, 5);
    expect(next).toMatchObject({
      version: 1,
      outbox: [{ id: 'e-1', effect: { to: 'desk' }, attempts: 0, notBefore: 5 }],
    });
    expect(next && failed && waitsAgain(next, failed.effect, 6)).toBeNull();
  });
});
