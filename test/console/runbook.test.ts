import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorIn, blocksOf, inlineOf, sectionOf } from '#console/src/parts/markdown/blocks.ts';
import { ruleWords } from '#console/src/views/alarms/rule-words.ts';
import { perHour, pointsOf } from '#console/src/views/overview/series.ts';

const RUNBOOK = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

describe('the runbook in the console', () => {
  const blocks = blocksOf(RUNBOOK);

  it('has all its headings, paragraphs and tables', () => {
    const kinds = new Set(blocks.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(expect.arrayContaining(['heading', 'paragraph', 'table']));
    const headings = RUNBOOK.match(/^#+ /gm);
    expect(blocks.filter(({ kind }) => kind === 'heading')).toHaveLength(headings?.length ?? 0);
  });

  it('has a section from its heading to the next', () => {
    const [heading, ...rest] = sectionOf(blocks, 'api-errors');
    expect(heading).toMatchObject({ kind: 'heading', text: 'API errors' });
    expect(rest.some(({ kind }) => kind === 'table')).toBe(true);
    expect(rest.some(({ kind }) => kind === 'heading')).toBe(false);
    expect(sectionOf(blocks, 'no-such-section')).toEqual([]);
  });

  it.each(['docs/runbook.md#api-errors', 'https://git.example.com/fleet/blob/main/docs/runbook.md#api-errors'])(
    'has the section that an alarm names as %s',
    (place) => {
      expect(sectionOf(blocks, anchorIn(place))).not.toEqual([]);
    },
  );

  it('loses no text of a section', () => {
    const text = JSON.stringify(sectionOf(blocks, 'api-errors'));
    expect(text).toContain('npm run fleet -- keys revoke ID');
    expect(text).toContain('Users notice:');
  });

  it('has the parts of a line, and no markup', () => {
    expect(inlineOf('a `b` **c** [d](e.md) <b>f</b>')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'd', to: 'e.md' },
      { kind: 'text', text: ' <b>f</b>' },
    ]);
  });

  it('has lists and code', () => {
    expect(blocksOf('1. a\n2. b\n   c\n\n```sh\nx\n\ny\n```\n')).toEqual([
      { kind: 'list', ordered: true, items: [[{ kind: 'text', text: 'a' }], [{ kind: 'text', text: 'b c' }]] },
      { kind: 'code', text: 'x\n\ny' },
    ]);
  });
});

it('the rule of an alarm is one line', () => {
  const rule = {
    metrics: [{ name: 'TasksFailed', statistic: 'Sum' }],
    period: 60,
    threshold: 5,
    comparison: 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  };
  expect(ruleWords(rule)).toBe('Sum of TasksFailed ≥ 5 in 2 of 3 periods of 60 s');
  expect(ruleWords({ ...rule, evaluationPeriods: 1 })).toBe('Sum of TasksFailed ≥ 5 in a period of 60 s');
});

it('metrics become points and rates', () => {
  const points: [number, number][] = [
    [0, 1],
    [60_000, 2],
  ];
  const metrics = { series: [{ name: 'a', points }], step: 60 };
  expect(pointsOf(metrics, 'a').map(({ y }) => y)).toEqual([1, 2]);
  expect(pointsOf(metrics, 'b')).toEqual([]);
  expect(perHour(metrics, 'a').map(({ y }) => y)).toEqual([60, 120]);
});
