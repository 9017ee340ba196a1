import { expect, it, test } from 'vitest';
import { policies } from '../../alerts/policies.ts';
import type { PortfolioRecord } from '../../portfolios/record.ts';
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

it('policies are cached for five seconds, failures and missing portfolios are not', async () => {
  const record = { portfolio: { id: 'core', recipients: [] } } as unknown as PortfolioRecord;
  let reads = 0;
  let now = 0;
  const read = () => {
    reads++;
    if (reads === 1) return Promise.reject(new Error('down'));
    return Promise.resolve(reads === 2 ? null : record);
  };
  const policyOf = policies({ read }, { now: () => now });
  await expect(policyOf('core')).rejects.toThrow('down');
  expect(await policyOf('core')).toBeNull();
  expect(await policyOf('core')).toMatchObject({ portfolio: 'core' });
  expect(await policyOf('core')).toMatchObject({ portfolio: 'core' });
  expect(reads).toBe(3);
  now = 5_000;
  await policyOf('core');
  expect(reads).toBe(4);
});
