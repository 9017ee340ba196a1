import { expect, it } from 'vitest';
import { orThrottled } from '#adapters/aws/throttled.ts';

const failing = (name: string) => () => Promise.reject(Object.assign(new Error('Rate exceeded'), { name }));

it.each(['ThrottlingException', 'Throttling', 'ThrottledException', 'LimitExceededException', 'RequestLimitExceeded'])(
  '%s of a service is a failure to wait for, and no fault of the API',
  async (name) => {
    await expect(orThrottled('CloudWatch', failing(name))).rejects.toMatchObject({
      failure: { kind: 'throttled', reason: 'CloudWatch is asked too often. Try again in a second.' },
    });
  },
);

it('leaves other errors and answers as they are', async () => {
  await expect(orThrottled('CloudWatch', failing('AccessDenied'))).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(await orThrottled('CloudWatch', () => Promise.resolve(7))).toBe(7);
});
