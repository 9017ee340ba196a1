import { expect, it } from 'vitest';
import { everyStack } from './every-stack.ts';

it.each(['dev', 'prod'])('in %s one alarm counts the records that any function cannot read', async (environment) => {
  const { platform, ...others } = await everyStack(environment);
  const resources = [platform, ...Object.values(others)].flatMap((stack) => Object.values(stack?.Resources ?? {}));
  const alarms = resources.filter(({ Properties }) => Properties?.['MetricName'] === 'RecordsUnreadable');
  const service = `fleet-${environment}-records`;
  expect(alarms.map(({ Properties }) => Properties?.['Dimensions'])).toEqual([[{ Name: 'service', Value: service }]]);
  const ours = resources
    .map(({ Properties }) => Properties?.['Environment'] as { Variables?: Record<string, string> } | undefined)
    .filter((environmentOf) => environmentOf?.Variables?.['POWERTOOLS_SERVICE_NAME'] !== undefined);
  expect(ours.length).toBeGreaterThan(4 * Object.keys(others).length);
  expect(new Set(ours.map((environmentOf) => environmentOf?.Variables?.['RECORDS_SERVICE']))).toEqual(
    new Set([service]),
  );
});
