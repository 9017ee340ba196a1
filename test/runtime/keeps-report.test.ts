import { expect, it } from 'vitest';
import { keepsReport } from '#runtime/index.ts';
import { inMemoryArtifacts } from '../support/fakes/in-memory-artifacts.ts';

const WRITTEN = Date.parse('2026-11-28T10:00:00.400Z');
const KEY = 'runs/night-1/report.json';

it.each([
  ['none was asked for', {}, KEY, false],
  ['it exists', { keepReport: true }, KEY, true],
  ['there is only another file', { keepReport: true }, 'runs/night-1/report', false],
  ['it is older than the redrive', { keepReport: false, keepReportFrom: '2026-11-28T10:00:01Z' }, KEY, false],
  // S3 keeps seconds.
  ['it was written in the second of the redrive', { keepReportFrom: '2026-11-28T10:00:00.900Z' }, KEY, true],
])('a report stays or not: %s', async (_, request, key, stays) => {
  const artifacts = inMemoryArtifacts(() => WRITTEN);
  await artifacts.put({ bucket: 'artifacts', key: KEY }, '{}', 'application/json');
  expect(await keepsReport({ artifacts, bucket: 'artifacts' }, request, key)).toBe(stays);
});
