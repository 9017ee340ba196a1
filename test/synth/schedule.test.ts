import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ScheduleProps } from '#lib/index.ts';
import { every, NightlyStack, type Second } from './nightly.ts';
import { quickApp, removeFolder, synthesizeSystem } from './synthesize.ts';

describe('a schedule', () => {
  const schedules = (stack: typeof NightlyStack = NightlyStack) => {
    const found = Object.entries(synthesizeSystem(stack, 'dev').resources('AWS::Scheduler::Schedule'));
    return found.flatMap(([id, { Properties }]) =>
      id.startsWith('Nightly') ? [scheduleSchema.parse(Properties)] : [],
    );
  };

  it('starts at a local time, a watchdog starts what is missing, and a check follows the deadline', () => {
    expect(
      schedules().map(({ ScheduleExpression, FlexibleTimeWindow }) => [ScheduleExpression, FlexibleTimeWindow]),
    ).toEqual([
      ['cron(0 22 * * ? *)', { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 }],
      ['cron(30 4 * * ? *)', { Mode: 'OFF' }],
      ['cron(5 7 * * ? *)', { Mode: 'OFF' }],
    ]);
    for (const { Target, ScheduleExpressionTimezone } of schedules()) {
      expect(ScheduleExpressionTimezone).toBe('Europe/Berlin');
      expect(Target).toMatchObject({ DeadLetterConfig: {} });
      const input = JSON.stringify(Target.Input);
      expect(input).toMatch(/<aws.scheduler.scheduled-time>.*/);
      expect(input).toContain('companies-nightly-');
    }
  });

  it.each([
    // The pipeline may take eight hours.
    [{ by: undefined }, 'cron(20 6 * * ? *)'],
    [{ graceMinutes: 0 }, 'cron(45 6 * * ? *)'],
    [{ by: '23:50', watchdog: '23:00' }, 'cron(10 0 * * ? *)'],
  ])('is checked after its end: %j', (change, expression) => {
    const check = schedules(every(change as Partial<ScheduleProps>)).at(-1);
    expect(check?.ScheduleExpression).toBe(expression);
  });

  it('may look at its own executions only, and its check cannot start any', () => {
    const policies = Object.entries(synthesizeSystem(NightlyStack, 'dev').resources('AWS::IAM::Policy'));
    const statesOf = (id: string) =>
      policies
        .filter(([each]) => each.startsWith(id))
        .flatMap(([, { Properties }]) => policySchema.parse(Properties).PolicyDocument.Statement)
        .filter(({ Action }) => JSON.stringify(Action).includes('states:'));
    const actions = (id: string) => statesOf(id).map(({ Action }) => String(Action));
    expect(new Set(actions('NightlyStart'))).toEqual(new Set(['states:DescribeExecution', 'states:StartExecution']));
    expect(actions('NightlyCheck')).toEqual(['states:DescribeExecution']);
    const describing = [...statesOf('NightlyStart'), ...statesOf('NightlyCheck')].filter(
      ({ Action }) => Action === 'states:DescribeExecution',
    );
    const own = expect.stringMatching(/:states:.*:execution:.*:companies-nightly-\*"/) as string;
    expect(describing.map(({ Resource }) => JSON.stringify(Resource))).toEqual([own, own]);
  });

  it('keeps calls that failed, of Scheduler and of the functions', () => {
    const invokes = Object.values(synthesizeSystem(NightlyStack, 'dev').resources('AWS::Lambda::EventInvokeConfig'));
    const kept = invokes.filter(({ Properties }) => JSON.stringify(Properties).includes('NightlyUnstarted'));
    expect(kept.map(({ Properties }) => Properties['MaximumRetryAttempts'])).toEqual([2, 2]);
  });

  describe('its alarms in production', () => {
    const alarms = (environment: string) =>
      Object.entries(
        synthesizeSystem(NightlyStack, environment, { account: '111122223333' }).resources('AWS::CloudWatch::Alarm'),
      ).flatMap(([id, { Properties }]) => (id.startsWith('Nightly') ? [alarmSchema.parse(Properties)] : []));
    const dimensions = [
      { Name: 'schedule', Value: 'nightly' },
      { Name: 'service', Value: 'fleet-prod-check-scheduled-run' },
    ];
    const missed = alarms('prod').filter(({ MetricName }) => MetricName === 'RunMissed');

    it('ring when a check finds no run that has succeeded, and stay until one has', () => {
      expect(missed).toContainEqual(
        expect.objectContaining({
          Dimensions: dimensions,
          Statistic: 'Maximum',
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          EvaluationPeriods: 1,
          TreatMissingData: 'ignore',
          AlarmDescription: expect.stringContaining('fleet schedules run-now nightly') as string,
        }),
      );
    });

    it('ring when there is no check for longer than the longest day', () => {
      const silent = missed.find(({ Statistic }) => Statistic === 'SampleCount');
      expect(silent).toMatchObject({ Dimensions: dimensions, Threshold: 1, TreatMissingData: 'breaching' });
      expect(silent?.ComparisonOperator).toBe('LessThanThreshold');
      const hours = ((silent?.Period ?? 0) * (silent?.EvaluationPeriods ?? 0)) / 3_600;
      // Two hours back (Troll), and an hour in which Scheduler tries again.
      expect(hours).toBeGreaterThan(24 + 2 + 1);
      // CloudWatch allows seven days for periods of an hour.
      expect(silent?.Period).toBe(3_600);
    });

    it('ring in every environment when a call fails', () => {
      const uncalled = alarms('dev').filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');
      expect(uncalled).toHaveLength(1);
      expect(alarms('dev').filter(({ MetricName }) => MetricName === 'RunMissed')).toEqual([]);
    });
  });

  it('is rejected at synthesis if Scheduler would skip a night', () => {
    const app = quickApp('dev');
    expect(() => app.add(every({ at: '02:30' }))).toThrow('Use a time before 02:00, or 03:00 and later');
    removeFolder(app.outdir);
  });

  it.each([
    ['of one pipeline', {}],
    ['of two pipelines', { workflow: 'people' }],
    // companies-nightly as one word or two.
    ['whose runs would have the same names', { workflow: 'companies-nightly', name: 'x' }, 'nightly-x'],
  ])('two schedules of one name are rejected: %s', (_, second: Second, name = 'nightly') => {
    const app = quickApp('dev');
    expect(() => app.add(every({ name }, second))).toThrow('Give each its own');
    removeFolder(app.outdir);
  });

  it('two schedules of two names are none that is in the way of the other', () => {
    const app = quickApp('dev');
    expect(app.add(every({}, { workflow: 'people', name: 'weekly' }))).toHaveLength(1);
    removeFolder(app.outdir);
  });
});

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string(),
  FlexibleTimeWindow: z.unknown(),
  Target: z.looseObject({ Input: z.unknown() }),
});

const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.object({ Action: z.unknown(), Resource: z.unknown() })) }),
});

const alarmSchema = z.looseObject({
  MetricName: z.string(),
  Statistic: z.string(),
  ComparisonOperator: z.string(),
  Period: z.number(),
  EvaluationPeriods: z.number(),
});
