import { expect, test } from 'vitest';
import { compareResults } from './compare.ts';
import { explainedIn, readExplained } from './explained.ts';

const end = (title: string, message = '') => ({ title, passed: message === '', message });

test('results are sorted into agreement, known differences, open differences and skipped tests', () => {
  const results = [
    end('a'),
    end('b', 'Error: other'),
    end('c', 'Error: only for our own service: now'),
    end('d', 'Error: x'),
  ];
  const known = new Map([
    ['b', 'known'],
    ['a', 'differed once'],
  ]);
  expect(compareResults(results, known, 'only for our own service')).toEqual({
    agree: 1,
    onlyOurs: 1,
    explained: ['b'],
    open: [end('d', 'Error: x')],
    stale: ['a'],
  });
});

test('differences are read only from the table below their heading', () => {
  const text =
    '# S\n\n| a | b |\n\n## Against MiniStack\n\nwords\n\n| test | why |\n| --- | --- |\n| it works | since |\n\n## More\n\n| c | d |\n';
  expect([...readExplained(text)]).toEqual([['it works', 'since']]);
});

test('the specification of SQS has such a table', () => expect(explainedIn('sqs').size).toBeGreaterThan(0));
