import { expect, it, test } from 'vitest';
import { policies } from '../../alerts/policies.ts';
import { recipientSecret } from '../../alerts/recipient-secret.ts';

it('is below market/ of the environment', () => {
  expect(recipientSecret('fleet-prod', 'market/pagerduty')).toBe('fleet-prod/market/pagerduty');
});

test.each(['model-key', 'callback-signing', '../model-key', 'market/../model-key', 'market/', 'other/market/x'])(
  '%s is none',
  (name) => {
    expect(() => recipientSecret('fleet-prod', name)).toThrow('begin with market/');
  },
);

it('policies are cached for five seconds, failures are not', async () => {
  let reads = 0;
  let now = 0;
  const read = () => {
    reads++;
    return reads === 1 ? Promise.reject(new Error('down')) : Promise.resolve(null);
  };
  const policyOf = policies({ read }, { now: () => now });
  await expect(policyOf('core')).rejects.toThrow('down');
  expect(await policyOf('core')).toBeNull();
  expect(await policyOf('core')).toBeNull();
  expect(reads).toBe(2);
  now = 5_000;
  await policyOf('core');
  expect(reads).toBe(3);
});
