import { describe, expect, it } from 'vitest';
import { contract } from '../agent/support.ts';
import { document, failed, report, STARTED, succeeded, task } from './support.ts';

describe('a row of the report', () => {
  it('has the analysis, its agent, model, tokens, dollars and seconds', () => {
    const [row] = report([document('north/a.pdf', task('a'))]).documents;
    expect(row).toEqual({
      ...contract(),
      file: 'north/a.pdf',
      status: 'succeeded',
      warnings: [],
      taskId: 'contract-analyst-a',
      agent: 'contract-analyst',
      agentVersion: '1',
      model: 'claude-sonnet-5-5',
      modelCalls: 1,
      tokens: { input: 900, output: 100, cacheRead: 40, cacheWrite: 0 },
      usd: 0.01,
      savedUsd: 0,
      seconds: 2.5,
    });
  });

  it('marks whether each quote was found', () => {
    const clause = { kind: 'term', quote: 'two years', page: 1 } as const;
    const output = { ...contract(), clauses: [clause, { ...clause, verified: false }] };
    const [row] = report([document('a.pdf', task('a', { state: succeeded(output) }))]).documents;
    expect(row).toMatchObject({ clauses: [{ verified: true }, { verified: false }] });
  });

  it('splits the code from the reason of a broken document', () => {
    const [row] = report([
      document('a.pdf', task('a', { state: failed('empty: The file is empty.'), steps: [] })),
    ]).documents;
    expect(row).toMatchObject({ status: 'failed', reasonCode: 'empty', reason: 'The file is empty.', model: null });
  });

  it.each([
    ['a failure that is not the document’s', task('a', { state: failed('The key was refused.') }), 'permanent'],
    [
      'a cancelled task',
      task('a', { state: { status: 'cancelled', finishedAt: STARTED, notified: true } }),
      'cancelled',
    ],
    [
      'a task escalated to a person',
      task('a', { state: { status: 'escalated', reason: 'Unsure.', finishedAt: STARTED, notified: true } }),
      'escalated',
    ],
    ['a task that has not ended', task('a', { state: { status: 'queued', since: STARTED } }), 'unfinished'],
    ['a result in another format', task('a', { state: succeeded({ verdict: 'fine' }) }), 'other-version'],
    ['no task', null, 'not-processed'],
  ])('has a code and a sentence for %s', (_, task, code) => {
    expect(report([document('a.pdf', task)]).documents[0]).toMatchObject({
      status: 'failed',
      reasonCode: code,
      reason: expect.stringMatching(/\w\.$/),
    });
  });

  it.each([
    ['of its own version asks for a new version', {}, /Raise the agent's version and run the document again/],
    [
      'of a version that a deploy brings is kept, and retried at no cost',
      { agentVersion: '99' },
      /^Version 99 of the agent .* When the deploy is complete, retry the failed documents: it is reused at no cost\.$/,
    ],
  ])('a result in another format %s', (_, change, reason) => {
    const other = task('a', { state: succeeded({ verdict: 'fine' }), ...change });
    expect(report([document('a.pdf', other)]).documents[0]).toMatchObject({
      reason: expect.stringMatching(reason),
    });
  });

  it('repeats the run’s reason for a document without a task', () => {
    expect(report([document('a.pdf', null, 'It was not processed: no time.')]).documents[0]).toMatchObject({
      reason: 'It was not processed: no time.',
    });
  });
});
