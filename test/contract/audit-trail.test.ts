import { DeleteObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3AuditReader } from '#adapters/s3/audit-reader.ts';
import { s3AuditTrail } from '#adapters/s3/audit-trail.ts';
import { entryText } from '#core/audit/entry.ts';
import { startS3 } from '@agent-fleet/local-cloud/testing/s3';
import { inMemoryAuditTrail } from '../support/fakes/in-memory-audit-trail.ts';
import { auditTrailContract, sampleEntry } from './audit-trail.contract.ts';
import { collect } from './samples.ts';

describe('audit trail in memory', () => {
  const trail = inMemoryAuditTrail();
  auditTrailContract(async () => ({ trail, reader: trail }));
});

describe('audit trail in S3', () => {
  const open = async () => {
    const s3 = await startS3();
    const { client } = s3;
    const bucket = await s3.bucket('audit');
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    return { s3, bucket, trail: s3AuditTrail({ bucket, client }), reader: s3AuditReader({ bucket, client }) };
  };
  auditTrailContract(open);

  const recorded = async () => {
    const opened = await open();
    const entry = sampleEntry({ taskId: 'support-1', createdAt: 7, step: 3, epoch: 2 });
    await opened.trail.record(entry);
    return { ...opened, entry, key: 'audit/support-1/7/3-2-before.json' };
  };

  it('names entries by task, acceptance time, step, epoch and phase', async () => {
    const { s3, bucket, key, entry } = await recorded();
    expect(await s3.get(bucket, key)).toBe(entryText(entry));
  });

  it('I7: an overwritten entry is read in its first version, and both versions are counted', async () => {
    const { s3, bucket, key, entry, reader } = await recorded();
    await s3.put(bucket, key, entryText({ ...entry, tool: 'forged' }));
    expect(await reader.read(entry.taskId)).toMatchObject([{ text: entryText(entry), versions: 2, deleted: false }]);
  });

  it('I7: a deleted entry is found by its version', async () => {
    const { s3, bucket, key, entry, reader } = await recorded();
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    expect(await reader.read(entry.taskId)).toMatchObject([{ text: entryText(entry), versions: 1, deleted: true }]);
    expect(await collect(reader.tasks())).toEqual([entry.taskId]);
  });

  it('skips objects that are not entries', async () => {
    const { s3, bucket, reader } = await recorded();
    await s3.put(bucket, 'audit/support-1/notes.txt', 'mine');
    expect(await reader.read('support-1')).toHaveLength(1);
  });
});
