import { expect, test } from 'vitest';
import { differences, isDenied, unexplained } from './verdicts.ts';

const verdicts = (calls: Record<string, boolean>) => new Map([['WorkerRole', new Map(Object.entries(calls))]]);
const explained = { role: /^Worker/, call: /^s3 Get/, ministack: 'denied' as const, reason: 'known' };

test('a difference has the verdict of MiniStack', () => {
  const { found, judged } = differences(verdicts({ a: true, b: false }), verdicts({ a: false, b: false }));
  expect(found).toEqual([{ role: 'WorkerRole', call: 'a', ministack: 'allowed' }]);
  expect(judged).toBe(2);
});

test('a call that the local cloud did not judge is an error', () => {
  expect(() => differences(verdicts({ a: true }), verdicts({}))).toThrow('WorkerRole: a');
});

test('a difference without an explanation is open, and an explanation without a difference is stale', () => {
  const found = [
    { role: 'WorkerRole', call: 's3 GetObject', ministack: 'denied' as const },
    { role: 'WorkerRole', call: 's3 GetObject', ministack: 'allowed' as const },
  ];
  expect(unexplained(found, [explained])).toEqual({ open: [found[1]], stale: [] });
  expect(unexplained([], [explained]).stale).toEqual([explained]);
});

test.each([
  [{ error: 'AccessDeniedException', status: 400 }, true],
  [{ error: 'AuthorizationErrorException', status: 403 }, true],
  [{ error: 'InvalidToken', status: 400 }, false],
  [{}, false],
])('%j: denied is %s', (answer, denied) => expect(isDenied(answer)).toBe(denied));
