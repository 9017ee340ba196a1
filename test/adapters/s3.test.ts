import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { s3AuditTrail } from '#adapters/s3/audit-trail.ts';
import { stubApi } from './support/stub-api.ts';

const client = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** An S3 that responds with these errors in turn, then succeeds. */
async function failing(...errors: ReadonlyArray<readonly [status: number, code: string]>) {
  return stubApi((response, _, count) => {
    const [status, code] = errors[count - 1] ?? [200, ''];
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(code === '' ? '' : `<Error><Code>${code}</Code><Message>told so</Message></Error>`);
  });
}

describe('artifacts', () => {
  const get = async (status: number, code: string) => {
    const api = await failing([status, code]);
    return s3Artifacts({ client: client(api.url) }).get({ bucket: 'fleet', key: 'uploads/a/nda.pdf' });
  };

  it.each([
    [404, 'NoSuchKey', 'was deleted or never uploaded'],
    [403, 'AccessDenied', 'grant s3:GetObject'],
    [403, 'InvalidObjectState', 'is archived: restore it'],
  ])('%i %s is permanent, with the remedy', async (status, code, remedy) => {
    await expect(get(status, code)).rejects.toMatchObject({
      failure: { kind: 'permanent', reason: expect.stringContaining(remedy) as string },
    });
  });

  it('a temporary error is passed through', async () => {
    await expect(get(503, 'SlowDown')).rejects.toMatchObject({ name: 'SlowDown' });
  });
});

describe('audit trail', () => {
  const entry = {
    taskId: 't',
    createdAt: 0,
    previous: '',
    step: 0,
    epoch: 1,
    agent: 'support',
    tool: 'refund',
    phase: 'before',
    at: 0,
    contentDigest: '',
  } as const;
  const conflict = [409, 'ConditionalRequestConflict'] as const;

  it('I7: writes an entry only if it does not exist', async () => {
    const api = await failing();
    await s3AuditTrail({ bucket: 'audit', client: client(api.url) }).record(entry);
    expect(api.requests[0]?.headers['if-none-match']).toBe('*');
  });

  it('treats an existing entry as written, whoever wrote it', async () => {
    const api = await failing([412, 'PreconditionFailed']);
    await s3AuditTrail({ bucket: 'audit', client: client(api.url) }).record(entry);
    expect(api.requests).toHaveLength(1);
  });

  it('retries while another write of the entry is in progress, and finally gives up', async () => {
    const brief = await failing(conflict, conflict);
    await s3AuditTrail({ bucket: 'audit', client: client(brief.url) }).record(entry);
    expect(brief.requests).toHaveLength(3);
    const long = await failing(conflict, conflict, conflict);
    const record = s3AuditTrail({ bucket: 'audit', client: client(long.url) }).record(entry);
    await expect(record).rejects.toMatchObject({ name: 'ConditionalRequestConflict' });
  });
});
