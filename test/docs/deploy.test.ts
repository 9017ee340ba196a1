import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { agentMetrics, FLEET_METRICS } from '#core/metrics/names.ts';
import { configSchema } from '#lib/config.ts';
import { isAnyRemoved, isRemoved, SHIPPED } from '../support/examples.ts';
import { removeFolder, temporaryFolder } from '../synth/synthesize.ts';

/**
 * Checks the statements of docs/deploy.md against the stacks of dev, with the systems that this project ships. Where an
 * example was removed, the guide's figures are not those of the stacks.
 */
const guide = readFileSync('docs/deploy.md', 'utf8');
const rows = guide.split('\n').flatMap((line) =>
  line.startsWith('| ')
    ? [
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ]
    : [],
);
const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});

const outputSchema = z.object({ Value: z.string() });

const outdir = temporaryFolder();
/** By the last part of their names. */
let stacks: Readonly<Record<string, z.infer<typeof templateSchema>>>;

beforeAll(() => {
  const CDK_CONTEXT_JSON = JSON.stringify({ env: 'dev', systems: SHIPPED.join(','), 'aws:cdk:bundling-stacks': [] });
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON, CDK_VALIDATION: 'false' };
  execFileSync(process.execPath, ['bin/app.ts'], { env, stdio: 'pipe' });
  const files = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  stacks = Object.fromEntries(
    files.map((file) => [
      /^fleet-dev-(.+)-us-east-1/.exec(file)?.[1] ?? file,
      templateSchema.parse(JSON.parse(readFileSync(join(outdir, file), 'utf8'))),
    ]),
  );
}, 120_000);

afterAll(() => removeFolder(outdir));

const resources = (type: string) =>
  Object.values(stacks).flatMap(({ Resources }) => Object.values(Resources).filter(({ Type }) => Type === type));
const minutesOf = ({ ScheduleExpression: rate }: Record<string, unknown>): number =>
  Number(/^rate\((\d+) minutes?\)$/.exec(String(rate))?.[1]);
const names = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
/** The number in a cell of the table of costs: column 1 is the quantity. */
const figure = (row: RegExp, column = 1): number => {
  const cell = rows.find(([first = '']) => row.test(first))?.[column] ?? '';
  return Number(/[\d,.]*\d/.exec(cell.replaceAll(',', ''))?.[0]);
};

describe('docs/deploy.md', () => {
  test('names every stack, and no other', () => {
    const named = rows.flatMap(([first]) => /^`<prefix>-([\w-]+)`$/.exec(first ?? '')?.[1] ?? []);
    const there = named.filter((name) => !isRemoved(`systems/${name}`));
    expect(there.toSorted()).toEqual(Object.keys(stacks).toSorted());
  });

  test('names outputs that the stacks have', () => {
    const outputs = rows.filter(([stack = '', output]) => stack in stacks && output?.startsWith('`'));
    expect(outputs.length).toBeGreaterThan(isAnyRemoved ? 2 : 8);
    for (const [stack = '', output] of outputs)
      expect(Object.keys(stacks[stack]?.Outputs ?? {})).toEqual(expect.arrayContaining(names(output)));
  });

  test('names every field of the configuration', () => {
    // The table of environments describes the values in prose.
    const inTheTable = new Set(['protectData', 'logRetentionDays']);
    const unnamed = Object.keys(configSchema.shape).filter((field) => !new RegExp(`\\b${field}\\b`).test(guide));
    expect(unnamed.filter((field) => !inTheTable.has(field))).toEqual([]);
  });

  test('deletes every secret that has a name', () => {
    const secrets = resources('AWS::SecretsManager::Secret').map(({ Properties }) => Properties['Name']);
    for (const name of secrets)
      expect(guide).toContain(`aws secretsmanager delete-secret --secret-id ${String(name)} `);
  });

  test.skipIf(isAnyRemoved)('states the maximum number of workers', () => {
    const most = (stack: string) =>
      Object.entries(stacks[stack]?.Resources ?? {})
        .filter(([id, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping' && /(High|Default)Mapping/.test(id))
        .map(([, { Properties }]) => z.object({ MaximumConcurrency: z.number() }).parse(Properties['ScalingConfig']))
        .reduce((all, { MaximumConcurrency }) => all + MaximumConcurrency, 0);
    const shipped = ['documents', 'assistant', 'support', 'code-review', 'research', 'market-monitor'].map(most);
    const [documents, assistant, support, reviews, research, market] = shipped;
    const all = shipped.reduce((sum, workers) => sum + workers, 0);
    expect(guide).toContain(
      `at most ${all} workers at once: ${documents} for 50 documents, ${assistant} assistants, ${support} for support, ${reviews} for code reviews, ${research} for research, ${market} for the market monitor.`,
    );
  });

  test.skipIf(isAnyRemoved)('counts the resources that check:deploy deploys', () => {
    const all = Object.values(stacks).flatMap(({ Resources }) => Object.values(Resources));
    const types = new Set(all.map(({ Type }) => Type)).size;
    const counted = `${all.length.toLocaleString('en-US')} resources of ${types} types`;
    expect(/[\d,]+ resources of \d+ types/.exec(guide)?.[0]).toBe(counted);
  });

  test.skipIf(isRemoved('systems/code-review'))('the decision on code review counts its alarms and queues', () => {
    const own = Object.values(stacks['code-review']?.Resources ?? {});
    const count = (type: string): number => own.filter(({ Type }) => Type === type).length;
    const [alarms, queues] = [count('AWS::CloudWatch::Alarm'), count('AWS::SQS::Queue')];
    const decision = readFileSync('docs/adr/0033-code-review.md', 'utf8');
    expect(decision).toContain(`${alarms} alarms and ${queues} queues`);
    // Each watches one metric.
    expect(decision).toContain(`alarms ${(alarms * 0.1).toFixed(2)}, `);
  });

  test.skipIf(isAnyRemoved)('counts what the stacks contain, and adds up', () => {
    // Those of streams poll no queue.
    const mappings = resources('AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => 'ScalingConfig' in Properties,
    ).length;
    const schedules = resources('AWS::Scheduler::Schedule').map(({ Properties }) => minutesOf(Properties));
    const often = schedules.filter((minutes) => minutes === 1);
    expect(schedules.toSorted((a, b) => b - a)).toEqual([10, ...often]);
    expect(figure(/dashboards$/)).toBe(resources('AWS::CloudWatch::Dashboard').length);
    expect(figure(/\) alarms$/)).toBe(resources('AWS::CloudWatch::Alarm').length);
    expect(figure(/alarms on other alarms$/)).toBe(resources('AWS::CloudWatch::CompositeAlarm').length);
    const price = outputSchema.parse(stacks['observability']?.Outputs['MonitoringUsdPerMonth']).Value;
    expect(guide).toContain(`For \`dev\`: ${price}.`);
    const alarms = figure(/\) alarms$/, 3) + figure(/alarms on other alarms$/, 3);
    expect(price).toContain(`alarms ${alarms.toFixed(2)}, dashboards ${figure(/dashboards$/, 3).toFixed(2)}, `);
    expect(price).toContain(`metrics ${figure(/ metrics: heartbeats/, 3).toFixed(2)} if nothing happens`);
    expect(figure(/ metrics: heartbeats/, 3)).toBeCloseTo(figure(/ metrics: heartbeats/) * 0.3, 2);
    expect(figure(/^\[Secrets Manager\]/)).toBe(resources('AWS::SecretsManager::Secret').length);
    expect(guide).toContain(`Lambda polls ${mappings} queues`);
    expect(guide).toContain(`${often.length} schedules, every minute, and one every ten minutes`);
    // 730 hours; five pollers, each polling every 20 s.
    expect(figure(/^\[SQS\]/)).toBe(Number(((mappings * 5 * 730 * 180) / 1e6).toFixed(2)));
    expect(figure(/^\[EventBridge Scheduler\]/)).toBe((often.length + 1 / 10) * 730 * 60);
    const costs = rows.slice(rows.findIndex(([first = '']) => first.endsWith('dashboards')));
    const sum = costs.slice(0, 12).reduce((all, row) => all + Number(row[3]), 0);
    expect(figure(/total/, 3)).toBeCloseTo(sum, 2);
  });

  test('names the metrics of an agent whose tasks succeed', () => {
    const { usual } = agentMetrics({ model: true, tools: true });
    expect(usual.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
    expect(usual).toHaveLength(18);
    expect(guide).toContain(`has eighteen, so at most $${(18 * 0.3).toFixed(2)} a month`);
    expect(FLEET_METRICS.usual).toHaveLength(13);
  });

  test('adds up what a thousand tasks cost', () => {
    const first = rows.findIndex(([what = '']) => what.startsWith('DynamoDB: 8 writes'));
    const parts = rows.slice(
      first,
      rows.findIndex(([what]) => what === 'together'),
    );
    const number = (cell = ''): number => Number(/[\d,.]*\d/.exec(cell.replaceAll(',', ''))?.[0]);
    for (const [what, quantity = '', price = '', dollars] of parts) {
      const per = price.includes('million') ? 1e6 : price.includes('per GB-s') ? 1 : 1_000;
      expect({ what, dollars: Number(dollars) }).toEqual({
        what,
        dollars: Number(((number(quantity) * number(price)) / per).toFixed(3)),
      });
    }
    const sum = parts.reduce((all, row) => all + Number(row[3]), 0);
    expect(figure(/^together$/, 3)).toBeCloseTo(sum, 3);
  });
});
