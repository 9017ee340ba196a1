import { afterEach, describe, expect, it } from 'vitest';
import type { Construct } from 'constructs';
import { Schedule, type ScheduleProps, type SystemProps } from '#lib/index.ts';
import { CompaniesStack } from '../docs/patterns/pipeline.ts';
import { nagFindings } from './nag.ts';
import { quickApp, removeFolder, synthesizeSystem } from './synthesize.ts';

afterEach(() => void (process.exitCode = undefined));

const NIGHTLY = { name: 'nightly', zone: 'Europe/Berlin', at: '22:00', watchdog: '04:30', by: '06:45' };

/** The companies every night, with changes to the schedule. */
const every = (change: Partial<ScheduleProps> = {}) =>
  class extends CompaniesStack {
    readonly nightly: Schedule;

    constructor(scope: Construct, props: SystemProps) {
      super(scope, props);
      const input = { items: { key: 'uploads/companies.jsonl' } };
      this.nightly = new Schedule(this, 'Nightly', {
        pipeline: this.pipeline,
        ...NIGHTLY,
        input,
        flexibleMinutes: 10,
        ...change,
      });
    }
  };

const NightlyStack = every();

describe('a pipeline with a schedule', () => {
  it.each(['dev', 'prod'])('has no unexplained finding of cdk-nag in %s', (environment) => {
    const app = quickApp(environment, { account: '111122223333' });
    app.add(NightlyStack);
    expect(nagFindings(app)).toEqual([]);
  });

  it('starts at a local time, and a watchdog starts what is missing, by one function', () => {
    const schedules = Object.entries(synthesizeSystem(NightlyStack, 'dev').resources('AWS::Scheduler::Schedule'));
    const found = schedules.flatMap(([id, { Properties }]) => (id.startsWith('Nightly') ? [Properties] : []));
    const common = { ScheduleExpressionTimezone: 'Europe/Berlin' };
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...common,
          ScheduleExpression: 'cron(0 22 * * ? *)',
          FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
        }),
        expect.objectContaining({
          ...common,
          ScheduleExpression: 'cron(30 4 * * ? *)',
          FlexibleTimeWindow: { Mode: 'OFF' },
        }),
      ]),
    );
    for (const { Target } of found)
      expect(Target).toMatchObject({
        DeadLetterConfig: {},
        Input: expect.stringContaining('scheduled-time') as string,
      });
  });

  it('rings in production when no run has succeeded for 25 hours', () => {
    const missed = (environment: string) =>
      Object.values(
        synthesizeSystem(NightlyStack, environment, { account: '111122223333' }).resources('AWS::CloudWatch::Alarm'),
      ).filter(({ Properties }) => Properties['MetricName'] === 'ExecutionsSucceeded');
    expect(missed('dev')).toEqual([]);
    expect(missed('prod').map(({ Properties }) => Properties)).toMatchObject([
      { EvaluationPeriods: 25, Period: 3_600, Threshold: 1, TreatMissingData: 'breaching' },
    ]);
  });

  it.each([
    [{ at: '02:30' }, 'Start the evening before, such as at 22:00'],
    [{ at: '00:00', zone: 'America/New_York' }, 'Start the evening before'],
    [{ watchdog: '03:59' }, 'has watchdog 03:59 in Europe/Berlin'],
    [{ at: '7:00' }, 'Use a time like 22:00'],
    [{ by: '25:00' }, 'Use a time like 22:00'],
    [{ zone: 'Europe/Bärlin' }, 'Use an IANA time zone like Europe/Berlin'],
    [{ name: 'Every Night' }, 'lower case with dashes'],
    [{ watchdog: '22:00' }, 'The watchdog of nightly must come later'],
    [{ flexibleMinutes: 2_000 }, 'Use 0 to 1440'],
  ])('is rejected at synthesis, with the remedy: %j', (change, remedy) => {
    const app = quickApp('dev');
    expect(() => app.add(every(change))).toThrow(remedy);
    removeFolder(app.outdir);
  });

  it('may start at any hour where the clocks never change', () => {
    const app = quickApp('dev');
    expect(app.add(every({ at: '02:30', zone: 'Asia/Tokyo', watchdog: '03:30' }))).toHaveLength(1);
    removeFolder(app.outdir);
  });
});
