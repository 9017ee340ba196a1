import { expect, test } from 'vitest';
import { alarmsIn, holds, parseRule } from '../../src/services/cloudwatch/alarms/rule.ts';
import type { AlarmState } from '../../src/services/cloudwatch/alarms/decide.ts';

const STATES: Readonly<Record<string, AlarmState>> = { rings: 'ALARM', calm: 'OK', 'new one': 'INSUFFICIENT_DATA' };

test.for<[string, boolean]>([
  ['ALARM(rings)', true],
  ['ALARM("calm")', false],
  ['OK(calm) AND INSUFFICIENT_DATA("new one")', true],
  ['NOT ALARM(calm)', true],
  ['NOT (ALARM(rings) AND ALARM(calm))', true],
  ['ALARM(calm) OR ALARM(calm) OR ALARM(rings)', true],
  // AND binds closer than OR.
  ['ALARM(rings) OR ALARM(calm) AND ALARM(calm)', true],
  ['(ALARM(rings) OR ALARM(calm)) AND ALARM(calm)', false],
  ['TRUE', true],
  ['FALSE OR ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:rings")', true],
])('%s is %s', ([text, expected]) => {
  expect(holds(parseRule(text), (name) => STATES[name] ?? 'INSUFFICIENT_DATA')).toBe(expected);
});

test('the alarms of a rule, each once', () => {
  expect(alarmsIn(parseRule('ALARM(a) AND NOT (OK(b) OR ALARM("a"))'))).toEqual(['a', 'b']);
});

test.for(['AT_LEAST(2, ALARM, (a, b))', 'ALARM(a', 'ALARM(a) ALARM(b)', '', 'ALARM("a)', 'OFF(a)'])(
  '%s is rejected',
  (text) => {
    expect(() => parseRule(text)).toThrow(/^the rule/);
  },
);
