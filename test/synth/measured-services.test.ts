import { expect, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { everyStack, type StackTemplate } from './every-stack.ts';

/** Services under which all functions measure, whichever their own is. */
const SHARED = new Set(['fleet-dev-fleet', 'fleet-dev-records']);

const templates = Object.values(await everyStack('dev'));
const agents = (await Promise.all(systems.map((system) => system.agents()))).flat().map(({ name }) => name);

const variables = templates.flatMap(({ Resources }) =>
  Object.values(Resources).flatMap(({ Type, Properties }): Record<string, unknown>[] => {
    const { Variables } = (Properties?.['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
    return Type === 'AWS::Lambda::Function' && Variables ? [Variables] : [];
  }),
);

/** The values of the dimension `service` in alarms and dashboards. */
function servicesNamed({ Resources }: StackTemplate): string[] {
  const watching = Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::CloudWatch::'));
  const text = JSON.stringify(watching).replaceAll('\\', '');
  const ofAlarms = text.matchAll(/"Name":"service","Value":"([^"]+)"/g);
  const ofDashboards = text.matchAll(/"service","([^"]+)"/g);
  return [...ofAlarms, ...ofDashboards]
    .flatMap(([, service]) => service ?? [])
    .filter((name) => name.startsWith('fleet-dev-'));
}

test('alarms and dashboards watch services under which a function measures', () => {
  const measured = new Set(variables.map((each) => each['METRICS_SERVICE'] ?? each['POWERTOOLS_SERVICE_NAME']));
  const named = templates.flatMap(servicesNamed);
  expect(new Set(named).size).toBeGreaterThan(agents.length);
  expect(named.filter((service) => !measured.has(service) && !SHARED.has(service))).toEqual([]);
});

test.each(['sweeper', 'batches', 'dead-letters'])(
  'the %s of a pool measures under the name of its agent, where the alarms of the pool look',
  (kind) => {
    const found = agents.flatMap((agent) =>
      variables
        .filter((each) => each['POWERTOOLS_SERVICE_NAME'] === `fleet-dev-${agent}-${kind}`)
        .map((each) => [agent, each['METRICS_SERVICE']]),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(found.map(([agent]) => [agent, `fleet-dev-${String(agent)}`]));
  },
);
