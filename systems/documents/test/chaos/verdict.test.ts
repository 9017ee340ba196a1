import { expect, test } from 'vitest';
import { complaints, judge, readLedger, type Evidence } from './verdict.ts';

const clean: Evidence = {
  files: ['a.pdf', 'b.pdf'],
  rows: [
    { file: 'a.pdf', status: 'succeeded', taskId: 't1' },
    { file: 'b.pdf', status: 'succeeded', taskId: 't2' },
  ],
  calls: [
    { stepId: 't1/0', at: 1_000 },
    { stepId: 't2/0', at: 2_000 },
  ],
  mails: [9_000],
  kills: [],
  executions: 1,
};
const row = (file: string, taskId: string, status = 'succeeded') => ({ file, status, taskId });
const again = { stepId: 't1/0', at: 8_000 };

test('a run without faults has no complaints', () => {
  expect(complaints(judge(clean))).toEqual([]);
});

test.each<[string, Partial<Evidence>]>([
  ['lost: 1', { rows: [row('a.pdf', 't1')] }],
  ['doubled: 2', { rows: [row('a.pdf', 't1'), row('a.pdf', 't1'), row('b.pdf', 't2')] }],
  ['doubled: 1', { rows: [row('a.pdf', 't1'), row('b.pdf', 't1')] }],
  ['doubled: 1', { executions: 2 }],
  ['failed: 1', { rows: [row('a.pdf', 't1'), row('b.pdf', 't2', 'failed')] }],
  ['repeatedFinishedSteps: 1', { calls: [...clean.calls, again] }],
  ['repeatedFinishedSteps: 1', { calls: [...clean.calls, again], kills: [900, 7_000] }],
  ['mailsLost: 1', { mails: [] }],
  ['mailsRepeated: 1', { mails: [9_000, 9_100] }],
])('finds %s', (complaint, fault) => {
  expect(complaints(judge({ ...clean, ...fault }))).toEqual([complaint]);
});

test('each kill allows one repetition of a call or a mail that it interrupted', () => {
  const calls = [...clean.calls, again];
  const verdict = judge({ ...clean, calls, mails: [9_000, 12_000], kills: [1_100, 9_050] });
  expect(complaints(verdict)).toEqual([]);
  expect(verdict.repeatedInFlightSteps).toBe(1);
  const twice = judge({ ...clean, calls: [...calls, { stepId: 't1/0', at: 8_500 }], kills: [1_100] });
  expect(twice.repeatedFinishedSteps).toBe(1);
});

test('an incomplete last line of the ledger is ignored', () => {
  const line = JSON.stringify({ stepId: 't1/0', time: '2026-11-24T00:00:00.000Z' });
  expect(readLedger(`${line}\n{"step`)).toEqual([{ stepId: 't1/0', at: Date.UTC(2026, 10, 24) }]);
});
