import { expect, it } from 'vitest';
import { task } from '../report/support.ts';
import { aRun, batch, brokenBatch, key, row } from './support.ts';

it('No document is lost if its batch failed: its row has the cause', async () => {
  const run = aRun();
  await run.upload('a.pdf', 'b.pdf', 'c.pdf');
  await run.tasks(task('a'));
  await run.results(
    batch(row(task('a'), 'a.pdf')),
    brokenBatch([key('b.pdf')], { Error: 'States.DataLimitExceeded', Cause: 'too big' }),
    brokenBatch([key('c.pdf')], { Status: 'PENDING' }),
  );
  const { report } = await run.aggregate();
  expect(report.documents).toMatchObject([
    { file: 'a.pdf', status: 'succeeded' },
    {
      file: 'b.pdf',
      reasonCode: 'not-processed',
      reason: expect.stringContaining('its batch failed (States.DataLimitExceeded: too big)'),
    },
    { file: 'c.pdf', reasonCode: 'not-processed', reason: expect.stringContaining('before it was started') },
  ]);
});

it('No document is lost if its batch stopped after its task ended: the task counts', async () => {
  const run = aRun();
  await run.upload('a.pdf');
  await run.tasks(task('a'));
  await run.results(brokenBatch([key('a.pdf')], { Status: 'TIMED_OUT' }));
  expect((await run.aggregate()).report.documents).toMatchObject([{ file: 'a.pdf', status: 'succeeded' }]);
});

it('No document is lost if the whole map aborted: ended tasks count, the other rows say why', async () => {
  const run = aRun();
  await run.upload('a.pdf', 'b.pdf');
  await run.tasks(task('a'));
  const { report, output } = await run.aggregate({ results: null, mapError: { error: 'States.Timeout', cause: '' } });
  expect(output).toMatchObject({ documents: 2, succeeded: 1, failed: 1 });
  expect(report.brokeOff).toBe('States.Timeout');
  expect(report.documents[1]).toMatchObject({
    reasonCode: 'not-processed',
    reason: 'It was not processed: the run aborted (States.Timeout). Fix the cause, then retry the failed documents.',
  });
});

it('No document is lost if no result names it: it belongs to the next run', async () => {
  const run = aRun();
  await run.upload('a.pdf', 'late.pdf');
  await run.tasks(task('a'));
  await run.results(batch(row(task('a'), 'a.pdf')));
  expect((await run.aggregate()).report.documents[1]).toMatchObject({
    file: 'late.pdf',
    status: 'failed',
    reason: expect.stringContaining('belongs to the next run'),
  });
});

it('The upload manifest and folder markers are not documents', async () => {
  const run = aRun();
  await run.upload('_manifest.json', 'sub/', 'sub/_manifest.json');
  await run.results(batch({ key: key('sub/_manifest.json'), status: 'failed', reason: 'It could not be handed on.' }));
  expect((await run.aggregate()).report.documents).toMatchObject([
    { file: 'sub/_manifest.json', taskId: null, reason: 'It could not be handed on.' },
  ]);
});
