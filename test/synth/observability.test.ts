import { beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { PARK_CAUSES, titleCase } from '#core/metrics/names.ts';
import { everyStack, type StackTemplate } from './every-stack.ts';

const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];

let stacks: Readonly<Record<string, StackTemplate>>;
beforeAll(async () => {
  stacks = await everyStack('dev', { alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:on-call', agentDayUsd: 48 });
}, 120_000);

const ofType = (stack: string, ...types: string[]) =>
  Object.entries(stacks[stack]?.Resources ?? {}).filter(([, { Type }]) => types.includes(Type));
const alarms = () => ofType('observability', ...ALARMS);
const alarm = (id: RegExp) =>
  alarms()
    .filter(([name]) => id.test(name))
    .map(([, { Properties }]) => Properties);

const ofPools = (kind: string) => alarm(new RegExp(`^Pools.*${kind}Alarm`));

test('no stack is near the 500 resources that CloudFormation allows', () => {
  const sizes = Object.entries(stacks).map(([name, { Resources }]) => [name, Object.keys(Resources).length] as const);
  expect(sizes.filter(([, size]) => size > 480)).toEqual([]);
});

const optionsSchema = z.object({
  expression: z.string().optional(),
  visible: z.boolean().optional(),
  stat: z.string().optional(),
});
const dashboardSchema = z.object({
  periodOverride: z.string().optional(),
  widgets: z.array(
    z.object({
      properties: z.object({
        title: z.string().optional(),
        metrics: z.array(z.array(z.unknown())).optional(),
      }),
    }),
  ),
});

/** A dashboard's body, with texts for what CloudFormation fills in. */
function bodyOf(body: unknown): z.output<typeof dashboardSchema> {
  const joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
  const parts = typeof body === 'string' ? [body] : joined.parse(body)['Fn::Join'][1];
  return dashboardSchema.parse(JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')));
}

/** The metrics and expressions of graphs, with their options, which come last. */
const shownIn = ({ widgets }: z.output<typeof dashboardSchema>) =>
  widgets.flatMap(({ properties: { title = '', metrics = [] } }) =>
    metrics.map((row) => ({ title, ...optionsSchema.catch({}).parse(row.at(-1)) })),
  );

describe('the stack of observability', () => {
  it('imports nothing, so that no other stack waits for it', () => {
    expect(JSON.stringify(stacks['observability'])).not.toContain('Fn::ImportValue');
  });

  it('watches each pool: workers, failures, dollars; tools only if it has some', () => {
    const ids = alarms().map(([id]) => id);
    expect(
      ids.filter((id) => id.startsWith('Poolsassistant')).map((id) => id.replace(/^Poolsassistant(\w+)Alarm.*/, '$1')),
    ).toEqual(['SweeperSilent', 'NoWorker', 'ErrorRate', 'SpendPace', 'SpendDay']);
  });

  it('notices within minutes that a sweeper, or what wakes callbacks, does not run', () => {
    const silent = alarm(/Silent/);
    expect(silent).toHaveLength(1 + ofPools('NoWorker').length);
    for (const each of silent)
      expect(each).toMatchObject({
        TreatMissingData: 'breaching',
        ComparisonOperator: 'LessThanThreshold',
        Period: 60,
        EvaluationPeriods: 5,
        DatapointsToAlarm: 3,
        AlarmDescription: expect.stringContaining('Severity 1') as string,
      });
    const names = silent.map(({ MetricName }) => MetricName);
    expect(new Set(names)).toEqual(new Set(['CallbackWakes', 'Sweeps']));
  });

  it('rings at three times the pace of a day’s dollars, and near their end', () => {
    // Three times a 72nd of 48 dollars.
    expect(alarm(/^PoolsassistantSpendPace/)).toMatchObject([{ Threshold: 2e6, Period: 1_200, Statistic: 'Sum' }]);
    expect(alarm(/^PoolsassistantSpendDay/)).toMatchObject([{ Threshold: 43.2e6, Period: 86_400 }]);
  });

  it('wakes somebody for the pace of dollars only where a day has a budget', () => {
    const severityOf = (id: RegExp) =>
      alarm(id).map((each) => /severity (\d)/i.exec(String(each['AlarmDescription']))?.[1]);
    expect(severityOf(/^Pools\w*pricemove\w*SpendPace/i)).toEqual(['1']);
    expect(severityOf(/^PoolsassistantSpendPace/)).toEqual(['2']);
  });

  it('names the owner of the pool', () => {
    const [noWorker] = alarm(/^PoolsassistantNoWorker/);
    expect(noWorker?.['AlarmDescription']).toContain(
      'Severity 1 · Owner assistant · Runbook docs/runbook.md#no-worker',
    );
  });

  it('rings when the error budget of 30 days burns 14.4, 6 and 1 times too fast', () => {
    const composites = ofType('observability', 'AWS::CloudWatch::CompositeAlarm');
    expect(composites).toHaveLength(9);
    const parts = alarm(/^Acceptance(Fast|Medium|Slow)(Long|Short)/);
    expect(parts.map(({ Threshold }) => Threshold)).toEqual([0.0144, 0.0144, 0.006, 0.006, 0.001, 0.001]);
    const long = z.array(z.object({ MetricStat: z.object({ Period: z.number() }).optional() }));
    const periods = parts.map(({ Metrics }) =>
      long.parse(Metrics).flatMap(({ MetricStat }) => MetricStat?.Period ?? []),
    );
    expect(periods.map(([first]) => first)).toEqual([3_600, 300, 21_600, 1_800, 86_400, 21_600]);
    // Only the composite notifies.
    expect(parts.filter((part) => 'AlarmActions' in part)).toEqual([]);
    expect(composites.filter(([, { Properties }]) => !('AlarmActions' in Properties))).toEqual([]);
  });

  it('uses only what CloudWatch allows in alarms, and the local evaluator supports', () => {
    const one = z.object({
      Expression: z.string().optional(),
      MetricStat: z.object({ Stat: z.string() }).optional(),
    });
    for (const [id, { Properties }] of alarms()) {
      const { Metrics = [] } = z.object({ Metrics: z.array(one).optional() }).parse(Properties);
      const used = Metrics.flatMap(({ Expression = '' }) => Expression.match(/[A-Z]+(?=\()/g) ?? []);
      expect
        .soft({ id, others: used.filter((name) => !['IF', 'FILL', 'SUM', 'MAX', 'MIN'].includes(name)) })
        .toEqual({ id, others: [] });
      expect.soft(Metrics.length, id).toBeLessThanOrEqual(10);
    }
  });

  it('has a dashboard of the fleet, one for any pool, one of money', () => {
    const bodies = ofType('observability', 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) =>
      JSON.stringify(Properties),
    );
    expect(bodies).toHaveLength(3);
    expect(bodies.find((body) => body.includes('-pool-'))).toContain('fleet-dev-assistant');
  });

  it('names composite alarms after its stack, as CloudFormation does the others, so that the API finds them', () => {
    const names = ofType('observability', 'AWS::CloudWatch::CompositeAlarm').map(
      ([, { Properties }]) => Properties['AlarmName'],
    );
    expect(names).toContain('fleet-dev-observability-Acceptance-Fast');
    expect(names.filter((name) => !String(name).startsWith('fleet-dev-observability-'))).toEqual([]);
  });

  it('has dashboards whose figures do not grow with the period that somebody looks at', () => {
    const dashboards = Object.keys(stacks).flatMap((stack) => ofType(stack, 'AWS::CloudWatch::Dashboard'));
    expect(dashboards.length).toBeGreaterThan(3);
    const bodies = dashboards.map(([, { Properties }]) => bodyOf(Properties['DashboardBody']));
    expect(new Set(bodies.map(({ periodOverride }) => periodOverride))).toEqual(new Set(['inherit']));
    const shown = bodies.flatMap(shownIn);
    // A sum over the period is never shown as it is: only as a rate, by minute or by hour.
    const sums = shown.filter(({ visible, stat }) => visible !== false && ['Sum', 'SampleCount'].includes(stat ?? ''));
    expect(sums).toEqual([]);
    const expressions = shown.flatMap(({ expression }) => expression ?? []);
    expect(expressions.length).toBeGreaterThan(50);
    expect(expressions.filter((each) => !/^(\w+) \* \d+ \/ PERIOD\(\1\)( \/ \d+)?$/.test(each))).toEqual([]);
  });

  it('shows dollars by hour and by minute, whatever the period', () => {
    const dollars = ofType('observability', 'AWS::CloudWatch::Dashboard')
      .flatMap(([, { Properties }]) => shownIn(bodyOf(Properties['DashboardBody'])))
      .filter(({ title, expression }) => title.startsWith('US dollars') && expression !== undefined);
    const ratesOf = (per: string): Set<string | undefined> =>
      new Set(
        dollars
          .filter(({ title }) => title.includes(per))
          .map(({ expression }) => expression?.replaceAll(/\b(micro\d*|saved)\b/g, 'x')),
      );
    expect(ratesOf('per hour')).toEqual(new Set(['x * 3600 / PERIOD(x) / 1000000']));
    expect(ratesOf('per minute')).toEqual(new Set(['x * 60 / PERIOD(x) / 1000000']));
  });

  it('shows every cause for which a task may wait', () => {
    const bodies = ofType('observability', 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) =>
      JSON.stringify(bodyOf(Properties['DashboardBody'])),
    );
    const fleet = bodies.find((body) => body.includes('Why tasks wait')) ?? '';
    const shown = new Set([...fleet.matchAll(/"TasksWaiting(\w+)"/g)].map(([, cause]) => cause));
    expect(shown).toEqual(new Set(PARK_CAUSES.map(titleCase)));
    expect([...shown]).toEqual(expect.arrayContaining(['AgentVersion', 'Yielded']));
  });

  it('saves the queries that the runbook names', () => {
    const names = ofType('observability', 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties['Name']);
    expect(names).toEqual(expect.arrayContaining(['fleet-dev/errors', 'fleet-dev/waits', 'fleet-dev/one-task']));
  });

  it('says what monitoring costs', () => {
    expect(stacks['observability']?.Outputs).toMatchObject({
      MonitoringUsdPerMonth: {
        Value: expect.stringMatching(
          /^alarms \d+\.\d\d, dashboards \d+\.\d\d, metrics \d+\.\d\d if nothing happens, /,
        ) as string,
      },
    });
  });
});
