import { expect, test } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { mailText } from '../../brief/text.ts';
import { subjectOf } from '../../brief/words.ts';
import { deliverWritten } from '../../night/brief-of-run.ts';
import { collectedStore } from '../../night/collected.ts';
import { TENANT } from '../../night/tenant-of-run.ts';
import { item, kept, OfflineRuns } from './offline-run.ts';

const NIGHT = '2026-11-10';
const NEXT = '2026-11-11';
const LAUNCH = 'Acme launched the Rocket 3, a drill for people who do not like drills.';
const CUT = 'Borg cuts the price of its Hammer plan from $49 to $39 a month, which puts pressure on Acme.';
const DEAL = 'Acme acquired Tiny Tools for $20 million in cash on 10 November 2026.';

const states = ({ companies }: { readonly companies: readonly { readonly id: string; readonly state: string }[] }) =>
  Object.fromEntries(companies.map(({ id, state }) => [id, state]));

test('every company of the list is a row that says what became of it', async () => {
  const runs = new OfflineRuns();
  const brief = await runs.run('r1', [
    [item('Acme', NIGHT), { documents: [kept('s1', LAUNCH)] }],
    [item('Borg', NIGHT), { documents: [kept('s1', CUT)] }],
    [item('Dead', NIGHT), { failures: [{ url: 'https://dead.example/', reason: 'The host is down.' }] }],
    [item('Late', NIGHT), { scout: 'The deadline passed before the item reached the stage.' }],
    [item('Slow', NIGHT), { documents: [kept('s1', LAUNCH)], analyst: 'The model throttled until the deadline.' }],
    [item('Nobody', NIGHT, { website: null }), {}],
    [item('Traded', NIGHT, { website: null, ticker: 'TRD' }), {}],
  ]);
  expect(states(brief)).toEqual({
    Acme: 'researched',
    Borg: 'researched',
    Dead: 'not-reached',
    Late: 'not-reached',
    Slow: 'unchecked',
    Nobody: 'unknown',
    Traded: 'not-reached',
  });
  const reasons = brief.companies.map(({ id, reason }) => [id, reason]);
  expect(reasons).toContainEqual(['Dead', 'The host is down.']);
  expect(reasons).toContainEqual(['Late', 'The deadline passed before the item reached the stage.']);
  expect(reasons).toContainEqual(['Slow', 'The model throttled until the deadline.']);
  expect(brief).toMatchObject({
    late: false,
    due: '2026-11-11T07:00:00.000Z',
    totals: { companies: 7, succeeded: 2, failed: 5, new: 2, citationsThatFail: 0, uncheckedPairs: 0 },
    moves: [{ by: 'Borg', against: 'Acme', kind: 'undercuts' }],
  });
  expect(brief.totals.usd).toBeCloseTo(0.003);
  expect(runs.written.at(-1)).toBe('runs/r1/brief/brief.json');
});

test.each([
  [{ kind: 'permanent', reason: 'no web search here' }, 'no web search here.'],
  [{ kind: 'over-budget', reason: 'a long story' }, 'its share of the run’s limit does not pay for it. Raise maxUsd.'],
] as const)('a search that failed (%o) takes nothing from what is known, and says so', async (searcher, said) => {
  const runs = new OfflineRuns();
  const documents = [kept('s1', LAUNCH)];
  await runs.run('r1', [[item('Acme', NIGHT), { documents }]]);
  const { companies } = await runs.run('r2', [[item('Acme', NEXT), { documents, searcher }]]);
  expect(companies).toMatchObject([
    { state: 'unchanged', known: 1, warnings: [`The web was not searched to the end: ${said}`] },
  ]);
});

test('a change that a night could not read is read by the next one, and what was read costs no call', async () => {
  const runs = new OfflineRuns();
  const company = { documents: [kept('s1', LAUNCH)] };
  await runs.run('r1', [[item('Acme', NIGHT), { ...company, analyst: 'throttled' }]]);
  expect(runs.messages).toEqual([]);
  const second = await runs.run('r2', [[item('Acme', NEXT), company]]);
  expect(second.companies).toMatchObject([{ state: 'researched', fresh: [{ kind: 'launch' }] }]);
  expect(runs.messages).toHaveLength(1);
  const third = await runs.run('r3', [[item('Acme', '2026-11-12'), company]]);
  expect(third.companies).toMatchObject([{ state: 'unchanged', fresh: [], known: 1 }]);
  const fourth = await runs.run('r4', [
    [item('Acme', '2026-11-13'), { documents: [kept('s1', LAUNCH), kept('s2', DEAL)] }],
  ]);
  expect(fourth.companies).toMatchObject([{ state: 'researched', fresh: [{ kind: 'deal' }], known: 1 }]);
  expect(runs.messages).toHaveLength(2);
  expect(runs.messages[1]).not.toContain('Rocket');
});

test('a night that runs again comes to the same brief, also after a later one', async () => {
  const runs = new OfflineRuns();
  const company = { documents: [kept('s1', LAUNCH)] };
  const first = await runs.run('r1', [[item('Acme', NIGHT), company]]);
  const memory = runs.memory.get(`Acme ${NIGHT}`);
  await runs.run('r2', [[item('Acme', NEXT), { documents: [kept('s1', DEAL)] }]]);
  expect(await runs.run('r1', [[item('Acme', NIGHT), company]])).toEqual(first);
  expect(runs.memory.get(`Acme ${NIGHT}`)).toEqual(memory);
});

test('news counts as known only once it was told, and what cannot be remembered takes no brief', async () => {
  const events: string[] = [];
  const failing = new OfflineRuns({
    deliver: ({ brief }) => Promise.resolve(void events.push(`delivered ${brief.companies.length}`)),
    remember: (_, __, { id }) => {
      events.push(`remembered ${id}`);
      return id === 'Acme' ? Promise.reject(new Error('down')) : Promise.resolve();
    },
  });
  const run = failing.run('r1', [
    [item('Acme', NIGHT), { documents: [kept('s1', LAUNCH)] }],
    [item('Borg', NIGHT), { documents: [kept('s1', CUT)] }],
  ]);
  await expect(run).rejects.toThrow('1 of 2 companies are not remembered');
  expect(events).toEqual(['delivered 2', 'remembered Acme', 'remembered Borg']);
  expect(failing.written.at(-1)).toBe('runs/r1/brief/brief.json');
});

test('a brief that was written and not delivered is delivered as it is', async () => {
  const delivered: unknown[] = [];
  const runs = new OfflineRuns();
  const brief = await runs.run('r1', [[item('Acme', NIGHT), { documents: [kept('s1', LAUNCH)] }]]);
  await deliverWritten({ ...runs.ports, deliver: async (each) => void delivered.push(each) }, 'r1');
  expect(delivered).toMatchObject([{ runId: 'r1', brief, place: { prefix: 'runs/r1/brief/' } }]);
});

test('a company whose documents are gone is unchecked, keeps what is known, and takes no brief', async () => {
  const reads: string[] = [];
  const runs: OfflineRuns = new OfflineRuns({
    collected: {
      read: (key) => {
        // The analyst has read it.
        if (/acme/i.test(key) && reads.includes(key))
          throw new FailureError({ kind: 'permanent', reason: 'It is gone.' });
        reads.push(key);
        return collectedStore(runs.artifacts, 'snapshots', TENANT).read(key);
      },
    },
  });
  const both = ['Acme', 'Borg'].map((id) => [item(id, NIGHT), { documents: [kept('s1', LAUNCH)] }] as const);
  const brief = await runs.run('r1', both);
  expect(states(brief)).toEqual({ Acme: 'unchecked', Borg: 'researched' });
  expect([...runs.memory.keys()]).toEqual([`Borg ${NIGHT}`]);
});

test('pairs that nobody judged are counted, not refuted', async () => {
  const brief = await new OfflineRuns().run(
    'r1',
    [
      [item('Acme', NIGHT), { documents: [kept('s1', LAUNCH)] }],
      [item('Borg', NIGHT), { documents: [kept('s1', CUT)] }],
    ],
    false,
  );
  expect(brief).toMatchObject({ moves: [], totals: { uncheckedPairs: 1, succeeded: 2 } });
});

test('a run that ended before its map has a brief with its problem', async () => {
  const problem = { error: 'Run.NotBegun', cause: 'The table was down.' };
  const brief = await new OfflineRuns().brief({ run: { id: 'r1' }, input: {}, maps: [], problem });
  expect(brief).toMatchObject({ problem, companies: [] });
  expect(subjectOf(brief)).toMatch(/: not researched$/);
  expect(mailText(brief)).not.toMatch(/Nothing new was found|Every company was reached/);
});

test('a brief that is made after it was due is late, however and whenever its run started', async () => {
  const runs = new OfflineRuns();
  const due = '2026-11-11T06:30:00.000Z';
  const deadline = Date.parse('2026-11-11T15:00:00Z');
  const run = { id: 'r1', startedAt: Date.parse('2026-11-11T06:00:00Z'), deadline };
  expect(await runs.brief({ run, input: { due }, maps: [], problem: null })).toMatchObject({ due, late: true });
  const stopped = await runs.brief({ run: { id: 'r2' }, input: { due }, maps: [], problem: null });
  expect(stopped).toMatchObject({ due, late: true });
});
