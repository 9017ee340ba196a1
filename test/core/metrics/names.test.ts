import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  agentMetrics,
  COLLECTOR_METRICS,
  FLEET_METRICS,
  PLATFORM_METRICS,
  SYSTEM_METRICS,
} from '#core/metrics/names.ts';

const lists = [agentMetrics({ model: true, tools: true }), FLEET_METRICS, PLATFORM_METRICS];
const known = new Set([...lists.flatMap(({ usual, rare }) => [...usual, ...rare]), ...SYSTEM_METRICS]);

/** Names in calls, and in tables of names that a file has beside its call. */
const WRITTEN =
  /(?:addMetric|measureBoth)\(\s*(?:\w+(?:\.\w+)* \? )?'([A-Z]\w+)'|^ +'?[\w-]+'?: '([A-Z][a-z]+[A-Z]\w+)',$|^ +([A-Z][a-z]+[A-Z]\w+): \w+\.\w+,$/gm;

test('every metric that a function writes by its name is in the list that the price of monitoring is computed with', () => {
  const files = globSync('{runtime,functions,systems}/**/*.ts', { exclude: ['**/test/**'] }).filter((file) =>
    /addMetric|measureBoth/.test(readFileSync(file, 'utf8')),
  );
  const written = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(WRITTEN)].flatMap(([, ...names]) =>
      names.filter((name) => name !== undefined),
    ),
  );
  expect(written).toEqual(
    expect.arrayContaining(['Sweeps', 'CallbacksBroken', 'AlertsSent', 'StreamLag', 'GapsDropped']),
  );
  expect(written.filter((name) => !known.has(name))).toEqual([]);
});

test('each list names a metric once', () => {
  for (const names of [...lists.map(({ usual, rare }) => [...usual, ...rare]), SYSTEM_METRICS, COLLECTOR_METRICS])
    expect(new Set(names).size).toBe(names.length);
});
