import { expect, test } from 'vitest';
import { embeddedMetrics } from '../../src/services/cloudwatch/metrics/embedded.ts';

const AT = Date.parse('2026-11-28T12:00:30Z');

function line(members: object, directive: object = {}): string {
  const Metrics = [{ Name: 'TaskWait', Unit: 'Milliseconds' }];
  const directives = { Namespace: 'agent-fleet', Dimensions: [['service']], Metrics, ...directive };
  return JSON.stringify({ _aws: { Timestamp: AT, CloudWatchMetrics: [directives] }, service: 'echo', ...members });
}

const sample = {
  namespace: 'agent-fleet',
  name: 'TaskWait',
  dimensions: { service: 'echo' },
  at: AT,
  unit: 'Milliseconds',
};

test('a value of a metric', () => {
  expect(embeddedMetrics(line({ TaskWait: 12 }))).toEqual([{ ...sample, value: 12 }]);
});

test('a line of console.log in the text format of a function, which begins with time, request and level', () => {
  const text = `2026-11-28T12:00:30.000Z\t8e2f4893\tINFO\t${line({ TaskWait: 12 })}`;
  expect(embeddedMetrics(text)).toEqual([{ ...sample, value: 12 }]);
});

test('several values of a metric, as Powertools writes them', () => {
  expect(embeddedMetrics(line({ TaskWait: [12, 7] }))).toEqual([
    { ...sample, value: 12 },
    { ...sample, value: 7 },
  ]);
});

test('each set of dimensions is a metric of its own, and so is the empty set', () => {
  const found = embeddedMetrics(line({ TaskWait: 1, agent: 'echo' }, { Dimensions: [['service', 'agent'], []] }));
  expect(found.map(({ dimensions }) => dimensions)).toEqual([{ service: 'echo', agent: 'echo' }, {}]);
});

test.for([
  ['plain text with "_aws" in it', 'the word "_aws" alone'],
  ['a line without metrics', '{"level":"INFO","message":"hello"}'],
  ['a value that is not a number', line({ TaskWait: 'soon' })],
  ['a dimension that is missing', line({ TaskWait: 1 }, { Dimensions: [['agent']] })],
  ['more than 100 values', line({ TaskWait: Array.from({ length: 101 }, () => 1) })],
  ['more than 30 dimensions', line({ TaskWait: 1 }, { Dimensions: [Array.from({ length: 31 }, () => 'service')] })],
])('%s gives no metric', ([, text = '']) => {
  expect(embeddedMetrics(text)).toEqual([]);
});
