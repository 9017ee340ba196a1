import { expect, test } from 'vitest';
import { compareEnds } from './compare.ts';
import { explainedIn, readExplained } from './explained.ts';

const end = (title: string, message = '') => ({ title, passed: message === '', message });

test('ends are sorted by agreement, reason and what could not be asked', () => {
  const ends = [
    end('a'),
    end('b', 'Error: other'),
    end('c', 'Error: only for our own service: now'),
    end('d', 'Error: x'),
  ];
  const known = new Map([
    ['b', 'known'],
    ['a', 'differed once'],
  ]);
  expect(compareEnds(ends, known, 'only for our own service')).toEqual({
    agree: 1,
    onlyOurs: 1,
    explained: ['b'],
    open: [end('d', 'Error: x')],
    stale: ['a'],
  });
});

test('differences are read from the table below their heading, and from no other', () => {
  const text =
    '# S\n\n| a | b |\n\n## Against MiniStack\n\nwords\n\n| test | why |\n| --- | --- |\n| it works | since |\n\n## More\n\n| c | d |\n';
  expect([...readExplained(text)]).toEqual([['it works', 'since']]);
});

test('the specification of SQS has such a table', () => expect(explainedIn('sqs').size).toBeGreaterThan(0));
