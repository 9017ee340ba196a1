import { expect, it } from 'vitest';
import { failed, STARTED, succeeded, task } from '../report/support.ts';
import { contract } from '../agent/support.ts';
import { aRun, batch, key, row } from './support.ts';

it('The fan-in of a run writes the report in three formats and returns its totals', async () => {
  const run = aRun();
  const [good, bad] = [task('a'), task('b', { state: failed('empty: The file is empty.') })];
  await run.upload('a.pdf', 'sub/b.pdf');
  await run.tasks(good, bad);
  await run.results(batch(row(good, 'a.pdf')), batch(row(bad, 'sub/b.pdf')));
  const { output, report, html, csv } = await run.aggregate();
  expect(output).toEqual({
    runId: 'spring',
    documents: 2,
    succeeded: 1,
    failed: 1,
    usd: 0.02,
    tokens: 2_080,
    reports: { html: 'runs/spring/report.html', json: 'runs/spring/report.json', csv: 'runs/spring/report.csv' },
  });
  expect(report.documents.map(({ file }) => file)).toEqual(['a.pdf', 'sub/b.pdf']);
  expect(report.seconds).toBe(12);
  expect(html).toContain('1 of 2 documents analysed');
  expect(csv).toContain('sub/b.pdf,failed,empty,');
});

it('The fan-in of a run writes the same report when it is repeated', async () => {
  const run = aRun();
  await run.upload('a.pdf');
  await run.tasks(task('a'));
  await run.results(batch(row(task('a'), 'a.pdf')));
  expect((await run.aggregate()).report).toEqual((await run.aggregate()).report);
});

it('The fan-in of a run keeps the report of the execution itself when the end of the run asks for one', async () => {
  const run = aRun();
  await run.upload('a.pdf');
  // A document of another run: only the map's results name its task.
  await run.tasks(task('a', { runId: 'winter' }));
  await run.results(batch(row(task('a'), 'a.pdf')));
  const written = await run.aggregate();
  const stopped = { results: null, mapError: { error: 'Run.Cancelled', cause: '' }, keepReport: true };
  const kept = await run.aggregate(stopped);
  expect(kept.report).toEqual(written.report);
  expect(kept.html).toBe(written.html);
  expect(kept.report.documents).toMatchObject([{ status: 'succeeded' }]);
});

it('The fan-in of a run writes a report at its end when there is none, or only a part of one', async () => {
  const run = aRun();
  await run.upload('a.pdf');
  await run.put('runs/spring/report.json', 'cut off');
  const stopped = { results: null, mapError: { error: 'Run.Cancelled', cause: '' }, keepReport: true };
  expect((await run.aggregate(stopped)).report.documents).toHaveLength(1);
});

it('The fan-in of a redriven run replaces the report of an earlier attempt, and keeps one that the redrive wrote', async () => {
  const run = aRun();
  await run.upload('a.pdf');
  const first = { results: null, mapError: { error: 'Run.Failed', cause: 'first' }, keepReport: true };
  await run.aggregate(first);
  run.clock.advance(5_000);
  const keepReportFrom = new Date(run.clock.now()).toISOString();
  const again = (cause: string) => ({
    results: null,
    mapError: { error: 'Run.Failed', cause },
    keepReport: false,
    keepReportFrom,
  });
  run.clock.advance(5_000);
  expect((await run.aggregate(again('second'))).html).toContain('second');
  // The event came twice.
  expect((await run.aggregate(again('third'))).html).toContain('second');
});

it('The fan-in of a run names the model that answered, even in an earlier run', async () => {
  const run = aRun();
  const earlier = task('b', { runId: 'winter', model: 'claude-older-4', state: succeeded(contract(), STARTED - 1) });
  const { model: _, ...unasked } = task('c', { steps: [], state: failed('empty: Empty.') });
  await run.tasks(task('a'), earlier, unasked);
  await run.results(batch(row(task('a'), 'a.pdf'), row(earlier, 'b.pdf'), row(unasked, 'c.pdf')));
  const { report } = await run.aggregate();
  expect(report.documents.map(({ model }) => model)).toEqual(['claude-sonnet-5-5', 'claude-older-4', null]);
});

it('The fan-in of a run reads any number of tasks, in chunks', async () => {
  const run = aRun();
  const tasks = Array.from({ length: 450 }, (_, index) => task(String(index).padStart(4, '0')));
  await run.tasks(...tasks);
  await run.results(batch(...tasks.map((task, index) => row(task, `${index}.pdf`))));
  expect((await run.aggregate()).output).toMatchObject({ documents: 450, succeeded: 450 });
});

it('The fan-in of a run names the file if the map’s results have an unexpected format', async () => {
  const run = aRun();
  await run.results({ Status: 'SUCCEEDED', Output: '{"rows":[]}' });
  await expect(run.aggregate()).rejects.toThrow(
    /runs\/spring\/map\/123\/SUCCEEDED_0\.json does not have the expected format/,
  );
});

it('The fan-in of a run keeps a row whose object has been deleted', async () => {
  const run = aRun();
  await run.tasks(task('a'));
  await run.results(batch(row(task('a'), 'a.pdf')));
  expect((await run.aggregate()).report.documents).toMatchObject([{ file: 'a.pdf', status: 'succeeded' }]);
  expect(key('a.pdf')).toBe('uploads/spring/a.pdf');
});
