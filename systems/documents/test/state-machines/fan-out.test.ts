import { expect, test } from 'vitest';
import { NO_SPEND } from '#core/budgets/budget.ts';
import { freshId, sampleTask, succeeded } from '#test/contract/samples.ts';
import { inMemoryTaskStore } from '#test/support/fakes/in-memory-task-store.ts';
import { readResultRows } from '#runtime/runs/result-files.ts';
import { ServiceError } from '@agent-fleet/local-cloud';
import { aggregateInputSchema } from '../../functions/aggregate/aggregate-run.ts';
import { runFanOut, succeed, upload } from './fan-out.support.ts';

type Run = Awaited<ReturnType<typeof runFanOut>>;

/** Returns the aggregator's parsed input. */
function aggregatorInput({ calls }: Run) {
  const payload = calls('lambda', 'Invoke').at(-1)?.['Payload'];
  return aggregateInputSchema.parse(JSON.parse(Buffer.from(payload as Uint8Array).toString()));
}

/** Returns the rows that the aggregator reads, ordered by key. */
async function rows(run: Run) {
  const { results } = aggregatorInput(run);
  if (results === null) return null;
  const artifacts = { get: async ({ key }: { key: string }) => Buffer.from(run.objects.get(key) ?? '') };
  const found = await readResultRows(artifacts as unknown as Parameters<typeof readResultRows>[0], results);
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

test('sends a message for each object of an upload, but not for the upload manifest and folder markers', async () => {
  const run = await runFanOut({ objects: upload(['a.pdf', 'sub/', 'sub/b.pdf', 'sub/_manifest.json']) });
  expect(run.execution.status).toBe('SUCCEEDED');
  expect(run.messages.map(({ object }) => object.key).toSorted()).toEqual([
    'uploads/u/a.pdf',
    'uploads/u/sub/_manifest.json',
    'uploads/u/sub/b.pdf',
  ]);
  expect(run.messages.find(({ object }) => object.key === 'uploads/u/a.pdf')).toEqual({
    type: 'object',
    tenant: 'default',
    runId: 'run',
    request: { id: 'u', retry: 0 },
    object: { bucket: 'bucket', key: 'uploads/u/a.pdf', etag: 'abc', size: 'content of a.pdf'.length },
    taskToken: expect.any(String),
    maxUsd: null,
  });
});

test('the aggregator reads a row for each object, and the notification contains no document data', async () => {
  const run = await runFanOut({ objects: upload(['a.pdf', 'b.pdf']) });
  expect(aggregatorInput(run)).toMatchObject({ runId: 'run', uploadId: 'u', mapError: null });
  expect(await rows(run)).toMatchObject([
    { key: 'uploads/u/a.pdf', taskId: 'task of uploads/u/a.pdf', reason: null },
    { key: 'uploads/u/b.pdf', taskId: 'task of uploads/u/b.pdf', reason: null },
  ]);
  expect(run.calls('sns', 'Publish')).toEqual([
    {
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:reports',
      Subject: 'Report of run',
      Message:
        'The run run has ended: 2 documents, 2 succeeded, 0 failed, 1,234.50 US dollars.\n\nThe report: s3://bucket/runs/run/report.html',
    },
  ]);
});

test('an upload with one object or none succeeds', async () => {
  const one = await runFanOut({ objects: upload(['a.pdf']) });
  expect(await rows(one)).toHaveLength(1);
  const none = await runFanOut({ objects: upload([]) });
  expect(none.execution.status).toBe('SUCCEEDED');
  expect(none.messages).toEqual([]);
  expect(aggregatorInput(none)).toMatchObject({ results: null, mapError: null });
});

test('objects are processed in batches of twenty', async () => {
  const files = Array.from({ length: 45 }, (_, index) => `${index}.pdf`);
  const run = await runFanOut({ objects: upload(files) });
  expect(run.messages).toHaveLength(45);
  const succeeded = [...run.objects.keys()].filter((key) => key.endsWith('/SUCCEEDED_0.json'));
  expect(succeeded).toHaveLength(1);
  expect(JSON.parse(run.objects.get(succeeded[0] ?? '') ?? '')).toHaveLength(3);
});

test('a task that does not succeed is a row with its reason, and the others continue', async () => {
  const run = await runFanOut({
    objects: upload(['bad.pdf', 'good.pdf', 'odd.pdf']),
    answer: (message) => {
      const outcome = succeed(message);
      if (message.object.key.endsWith('bad.pdf')) return { ...outcome, status: 'failed', reason: 'It is not a PDF.' };
      return message.object.key.endsWith('odd.pdf')
        ? { ...outcome, status: 'escalated', reason: 'Ask a lawyer.' }
        : outcome;
    },
  });
  expect(run.execution.status).toBe('SUCCEEDED');
  expect(run.messages).toHaveLength(3);
  expect((await rows(run))?.map(({ key, reason }) => [key, reason])).toEqual([
    ['uploads/u/bad.pdf', 'It is not a PDF.'],
    ['uploads/u/good.pdf', null],
    ['uploads/u/odd.pdf', 'Ask a lawyer.'],
  ]);
});

test('a task that is cancelled without a reason is a row', async () => {
  const answer = () => ({ id: 'x/end', taskId: 'x', status: 'cancelled' as const });
  const run = await runFanOut({ objects: upload(['a.pdf']), answer });
  expect(run.execution.status).toBe('SUCCEEDED');
  expect(await rows(run)).toMatchObject([{ key: 'uploads/u/a.pdf', taskId: 'x' }]);
});

test('a message that cannot be sent is retried, then becomes a row', async () => {
  let attempts = 0;
  const throttle = () => {
    attempts += 1;
    throw new ServiceError('ThrottlingException', 'Slow down.');
  };
  const run = await runFanOut({ objects: upload(['a.pdf']), handlers: { 'sqs:SendMessage': throttle } });
  expect(attempts).toBe(9);
  expect(run.execution.status).toBe('SUCCEEDED');
  expect(await rows(run)).toMatchObject([
    { reason: expect.stringMatching(/could not be sent to the pool .*Slow down/) },
  ]);
});

test('each message has the upload manifest’s limit', async () => {
  const run = await runFanOut({ objects: upload(['a.pdf', 'b.pdf'], '{"documents":2,"maxUsdPerDocument":0.25}') });
  expect(run.messages.map(({ maxUsd }) => maxUsd)).toEqual([0.25, 0.25]);
});

test('files that come after the complete manifest are not paid when the upload has a limit for the whole', async () => {
  const late = ['late.pdf', '0-late.pdf'].map((file) => [`uploads/u/${file}`, 'bytes'] as const);
  const limit = '{"documents":2,"maxUsd":0.5,"maxUsdPerDocument":0.25}';
  for (const put of [{ put: late }, { afterwards: late }]) {
    const run = await runFanOut({ objects: upload(['a.pdf', 'b.pdf'], limit), ...put });
    expect(run.objects.size).toBeGreaterThan(4);
    expect(run.messages.map(({ object }) => object.key).toSorted()).toEqual(['uploads/u/a.pdf', 'uploads/u/b.pdf']);
    expect(await rows(run)).toHaveLength(2);
  }
});

test('a limit for the whole is a limit also without one for each document', async () => {
  const run = await runFanOut({ objects: upload(['a.pdf', 'b.pdf'], '{"maxUsd":0.5}') });
  expect(run.messages.map(({ maxUsd }) => maxUsd)).toEqual([0.25, 0.25]);
});

test.each([[null], ['']])('a missing or empty upload manifest (%j) sets no limit', async (manifest) => {
  const run = await runFanOut({ objects: upload(['a.pdf'], manifest) });
  expect(run.execution.status).toBe('SUCCEEDED');
  expect(run.messages.map(({ maxUsd }) => maxUsd)).toEqual([null]);
});

test('an invalid upload manifest stops the run before it spends anything, and the report has the error', async () => {
  const run = await runFanOut({ objects: upload(['a.pdf'], 'at most 5 dollars') });
  expect(run.messages).toEqual([]);
  expect(aggregatorInput(run)).toMatchObject({ results: null, mapError: { error: 'Manifest.Unreadable' } });
});

test.each([
  ['a limit that is text', '{"maxUsdPerDocument":"0.25"}', /maxUsdPerDocument: .*expected number/],
  ['a limit of 0', '{"maxUsdPerDocument":0}', /maxUsdPerDocument/],
  ['a negative limit', '{"maxUsdPerDocument":-1}', /maxUsdPerDocument/],
  ['a misspelt limit', '{"maxUsdPerDoc":0.25}', /maxUsdPerDoc/],
  ['a list', '[]', /expected object/],
])('%s stops the run before it spends anything, and the report says what is wrong', async (_, manifest, cause) => {
  const run = await runFanOut({ objects: upload(['a.pdf'], manifest) });
  expect(run.messages).toEqual([]);
  expect(aggregatorInput(run)).toMatchObject({
    mapError: { error: 'Manifest.Unreadable', cause: expect.stringMatching(cause) as string },
  });
});

test.each(['open', 'given-up'])(
  'an upload that is %s spends nothing, even if somebody starts its run',
  async (state) => {
    const run = await runFanOut({ objects: upload(['a.pdf'], JSON.stringify({ state })) });
    expect(run.messages).toEqual([]);
    expect(aggregatorInput(run)).toMatchObject({ mapError: { error: 'Upload.Incomplete' } });
  },
);

test('a run that was cancelled before it began spends nothing', async () => {
  const run = await runFanOut({ objects: upload(['a.pdf']), cancelled: true });
  expect(run.messages).toEqual([]);
  expect(aggregatorInput(run)).toMatchObject({ mapError: { error: 'Run.Cancelled' } });
});

test('the retry number is passed on, and is 0 by default', async () => {
  const objects = upload(['a.pdf']);
  const again = await runFanOut({ objects }, { uploadId: 'u', retry: 2 });
  expect(again.messages.map(({ request }) => request)).toEqual([{ id: 'u', retry: 2 }]);
  const byHand = await runFanOut({ objects }, { uploadId: 'u' });
  expect(byHand.messages.map(({ request }) => request)).toEqual([{ id: 'u', retry: 0 }]);
});

test('a retry gets no more for a document than earlier runs have left of the limit of the upload', async () => {
  const objects = new Map(upload(['a.pdf', 'b.pdf']));
  objects.set('uploads/u/_manifest.json', JSON.stringify({ documents: 2, maxUsd: 2, maxUsdPerDocument: 1 }));
  const store = inMemoryTaskStore();
  for (const runId of ['u', 'u--retry-1'])
    await store.create(sampleTask({ id: freshId(), runId, spend: { ...NO_SPEND, usd: 0.9 }, state: succeeded(1) }));
  const first = await runFanOut({ objects, store }, { uploadId: 'u' });
  expect(first.messages.map(({ maxUsd }) => maxUsd)).toEqual([1, 1]);
  const again = await runFanOut({ objects, store }, { uploadId: 'u', retry: 2 });
  expect(again.messages.map(({ maxUsd }) => maxUsd?.toFixed(2))).toEqual(['0.20', '0.20']);
});

test('a map that fails still reaches the aggregator', async () => {
  const deny = () => {
    throw new ServiceError('AccessDenied', 'No.', 403);
  };
  const run = await runFanOut({ objects: upload(['a.pdf']), handlers: { 's3:GetObject': deny } });
  expect(aggregatorInput(run)).toMatchObject({ results: null, mapError: { error: 'States.ItemReaderFailed' } });
  expect(run.calls('sns', 'Publish')).toHaveLength(1);
});

test('a report that cannot be written is notified, and the run fails', async () => {
  const fail = () => {
    throw new ServiceError('ServiceException', 'Broken.', 500);
  };
  const run = await runFanOut({ objects: upload(['a.pdf']), handlers: { 'lambda:Invoke': fail } });
  expect(run.calls('lambda', 'Invoke')).toHaveLength(5);
  expect(run.calls('sns', 'Publish')).toMatchObject([{ Subject: 'No report of run' }]);
  expect(run.execution).toMatchObject({ status: 'FAILED', error: 'Report.Missing' });
  expect(run.execution.cause).toContain('Broken.');
});
