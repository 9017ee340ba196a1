import { expect, test } from 'vitest';
import { compilePattern } from '../../src/lambda/event-pattern.ts';

test.each([
  [{ a: ['x', 'y'] }, { a: 'y' }, { a: 'z' }],
  [{ a: { b: [1] } }, { a: { b: 1 } }, { a: { b: '1' } }],
  [{ a: [null] }, { a: null }, {}],
  [{ a: ['x'] }, { a: ['w', 'x'] }, { a: ['w'] }],
  [
    { a: ['x'], b: [true] },
    { a: 'x', b: true },
    { a: 'x', b: false },
  ],
  [{ a: [{ prefix: 'up' }] }, { a: 'uploads' }, { a: 'backup' }],
  [{ a: [{ suffix: '.pdf' }] }, { a: 'x.pdf' }, { a: 'x.txt' }],
  [{ a: [{ 'equals-ignore-case': 'yes' }] }, { a: 'YES' }, { a: 'no' }],
  [{ a: [{ exists: true }] }, { a: 0 }, {}],
  [{ a: [{ exists: false }] }, {}, { a: 0 }],
  [{ a: [{ 'anything-but': ['x', { prefix: 'y' }] }] }, { a: 'z' }, { a: 'yes' }],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, { a: 0 }],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, { a: 'y', b: 'x' }],
])('%j matches %j and not %j', (pattern, matching, other) => {
  const matches = compilePattern(pattern);
  expect(matches(matching)).toBe(true);
  expect(matches(other)).toBe(false);
});

test('an unsupported operator is rejected, not ignored', () => {
  expect(() => compilePattern({ a: [{ cidr: '10.0.0.0/8' }] })).toThrow('the operator cidr is not supported');
});
