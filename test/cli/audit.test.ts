import { DeleteObjectCommand, ListObjectVersionsCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3AuditReader } from '#adapters/s3/audit-reader.ts';
import { s3AuditTrail } from '#adapters/s3/audit-trail.ts';
import { showTask, verifyTasks } from '#cli/audit/command.ts';
import { openTrail, type OpenTrail } from '#cli/audit/trail.ts';
import type { Output } from '#cli/terminal/output.ts';
import { entryText, type AuditEntry } from '#core/audit/entry.ts';
import { ids, trailOf } from '../core/audit/histories.ts';
import { sampleTask, succeeded } from '../contract/samples.ts';
import { startS3 } from '@agent-fleet/local-cloud/testing/s3';
import { inMemoryTaskStore } from '../support/fakes/in-memory-task-store.ts';

const KEY = 'audit/support-1/7/1-1-before.json';

function heard() {
  const lines: string[] = [];
  const values: unknown[] = [];
  const output: Output = {
    line: (text = '') => void lines.push(text),
    progress: () => undefined,
    json: (value) => void values.push(value),
  };
  return { output, lines, values };
}

/** A bucket with the trail of one ended task that called two tools, and its task. */
async function fleet() {
  const s3 = await startS3();
  const { client } = s3;
  const bucket = await s3.bucket('audit');
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  const made = trailOf([
    { died: [true], error: false },
    { died: [], error: true },
  ]);
  const recorder = s3AuditTrail({ bucket, client });
  for (const entry of [...made.chain, ...made.uncounted]) await recorder.record(entry);
  const store = inMemoryTaskStore();
  const task = sampleTask({ createdAt: 7, audit: made.head, state: succeeded(9) });
  await store.create({ ...task, id: made.taskId as typeof task.id });
  const trail: OpenTrail = { reader: s3AuditReader({ bucket, client }), store, ids, close: () => undefined };
  return { s3, bucket, trail, made };
}

describe('fleet audit verify', () => {
  it('I7: verifies an intact trail, by task and all', async () => {
    const { trail } = await fleet();
    for (const [tasks, all] of [[['support-1'], false] as const, [[], true] as const]) {
      const { output, lines } = heard();
      await verifyTasks(trail, tasks, { all }, output);
      expect(lines).toEqual([
        'intact  support-1  5 links, 1 outcome not counted',
        'The audit trail is intact: 1 task.',
      ]);
    }
  });

  it('I7: exits with 1 if an entry was overwritten or deleted, and names it', async () => {
    const { trail, s3, bucket, made } = await fleet();
    await s3.put(bucket, KEY, entryText(made.chain[1] as AuditEntry));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: KEY }));
    const { output, lines, values } = heard();
    await expect(verifyTasks(trail, [], { all: true, json: true }, output)).rejects.toMatchObject({ exitCode: 1 });
    expect(lines.join('\n')).toMatch(/step 1, epoch 1, before: was overwritten[\s\S]*was deleted/);
    expect(values).toMatchObject([
      { whole: false, verdicts: [{ findings: [{ fault: 'replaced' }, { fault: 'deleted' }] }] },
    ]);
  });

  it('I7: exits with 1 if the first version of an entry is gone', async () => {
    const { trail, s3, bucket } = await fleet();
    for (const version of (await listed(s3.client, bucket)).filter(({ Key }) => Key === KEY))
      await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: KEY, VersionId: version.VersionId }));
    const { output, lines } = heard();
    await expect(verifyTasks(trail, ['support-1'], {}, output)).rejects.toMatchObject({ exitCode: 1 });
    expect(lines[0]).toMatch(/^DAMAGED {2}support-1/);
  });

  it('says that missing entries at the end are not noticed if the task is unknown', async () => {
    const { trail } = await fleet();
    const { output, lines } = heard();
    await verifyTasks({ ...trail, store: null }, ['support-1'], {}, output);
    expect(lines[0]).toContain('its task is unknown');
  });

  it('rejects neither tasks nor --all, both, and an unknown task', async () => {
    const { trail } = await fleet();
    const { output } = heard();
    await expect(verifyTasks(trail, [], {}, output)).rejects.toMatchObject({ exitCode: 2 });
    await expect(verifyTasks(trail, ['support-1'], { all: true }, output)).rejects.toMatchObject({ exitCode: 2 });
    await expect(verifyTasks(trail, ['nobody'], {}, output)).rejects.toThrow('Task "nobody" not found');
  });
});

describe('fleet audit show', () => {
  it('shows the calls in order, and outcomes that did not count last', async () => {
    const { trail } = await fleet();
    const { output, lines } = heard();
    await showTask(trail, 'support-1', {}, output);
    expect(lines.slice(1).map((line) => line.split('  ').slice(1, 4).join(' '))).toEqual([
      'step 1 epoch 1 calls',
      'step 1 epoch 2 calls',
      'step 1 epoch 2 ok',
      'step 3 epoch 2 calls',
      'step 3 epoch 2 error',
      'step 1 epoch 1 ok',
    ]);
    expect(lines.at(-1)).toMatch(/\(not counted\)$/);
  });
});

it('without a running fleet it says how to name a deployed one', () => {
  expect(() => openTrail({}, () => null)).toThrow('No fleet is running');
  expect(() => openTrail({ table: 'state' }, () => null)).toThrow('--table needs --bucket');
});

async function listed(client: Awaited<ReturnType<typeof startS3>>['client'], Bucket: string) {
  return (await client.send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? [];
}
