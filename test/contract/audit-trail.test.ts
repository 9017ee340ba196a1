import { describe, expect, it } from 'vitest';
import { s3Artifacts } from '../../adapters/s3-artifacts.ts';
import { s3AuditTrail } from '../../adapters/s3-audit-trail.ts';
import type { AuditEntry } from '../../core/ports/audit-trail.ts';
import { startS3 } from '../local/s3/support.ts';
import { inMemoryAuditTrail } from '../support/fakes/in-memory-audit-trail.ts';
import { auditTrailContract } from './audit-trail.contract.ts';
import { collect, NOW } from './samples.ts';

describe('audit trail in memory', () => {
  const trail = inMemoryAuditTrail();
  auditTrailContract(async () => ({
    trail,
    read: async (taskId) => trail.entries().filter((entry) => entry.taskId === taskId),
  }));
});

describe('audit trail in S3', () => {
  const open = async () => {
    const s3 = await startS3();
    const bucket = await s3.bucket('audit');
    const artifacts = s3Artifacts({ client: s3.client });
    const keys = async () => (await collect(artifacts.list(bucket, 'audit/'))).map(({ key }) => key);
    const entryAt = async (key: string) => JSON.parse(await s3.get(bucket, key)) as AuditEntry;
    return {
      trail: s3AuditTrail({ bucket, client: s3.client }),
      keys,
      read: async (taskId: string) =>
        (await Promise.all((await keys()).map(entryAt))).filter((entry) => entry.taskId === taskId),
    };
  };
  auditTrailContract(open);

  it('lays entries out by day, task and step', async () => {
    const { trail, keys } = await open();
    const entry = { taskId: 'support-1', agent: 'support', tool: 'refund', at: NOW, contentDigest: '00' } as const;
    await trail.record({ ...entry, step: 3, epoch: 2, phase: 'before' });
    expect(await keys()).toEqual(['audit/2026/11/23/support-1/3-2-before.json']);
  });
});
