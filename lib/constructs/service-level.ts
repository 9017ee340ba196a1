import { Duration } from 'aws-cdk-lib';
import { AlarmRule, AlarmState, type Alarm, type CompositeAlarm, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Severity } from '../config.ts';
import { alarm, compositeAlarm, type AlarmNotice } from './alarm.ts';
import { shareOf } from './fleet-metric.ts';

export interface ServiceLevelProps {
  /** The share that is good, such as 0.999, over 30 days. */
  readonly goal: number;
  /** What is bad, summed up over a period. */
  readonly bad: (period: Duration) => Metric;
  /** All events, counted over a period. */
  readonly total: (period: Duration) => Metric;
  /** What is promised, a sentence. */
  readonly promise: string;
  readonly owner: string;
  readonly runbook: string;
}

interface Pace {
  readonly id: string;
  /** How many times faster than the goal allows the error budget of 30 days is used up. */
  readonly burn: number;
  readonly long: Duration;
  /** Consecutive long windows. @default 1 */
  readonly windows?: number;
  readonly short: Duration;
  readonly severity: Severity;
  readonly spends: string;
}

/**
 * Google, The Site Reliability Workbook, chapter 5: 2 % of the budget within an hour, 5 % within six hours, 10 % within
 * three days. The short window ends the alarm soon after the trouble has. CloudWatch's longest period is a day, so the
 * last one is three days in a row. https://sre.google/workbook/alerting-on-slos/
 */
const PACES: readonly Pace[] = [
  {
    id: 'Fast',
    burn: 14.4,
    long: Duration.hours(1),
    short: Duration.minutes(5),
    severity: 1,
    spends: '2 % of it in an hour',
  },
  {
    id: 'Medium',
    burn: 6,
    long: Duration.hours(6),
    short: Duration.minutes(30),
    severity: 2,
    spends: '5 % of it in six hours',
  },
  {
    id: 'Slow',
    burn: 1,
    long: Duration.days(1),
    windows: 3,
    short: Duration.hours(6),
    severity: 3,
    spends: '10 % of it in three days',
  },
];

/** A night with three requests must wake nobody. */
const MIN_EVENTS = 10;

/** A promise to users, with an alarm for each pace at which its error budget is used up. */
export class ServiceLevel extends Construct {
  readonly alarms: readonly CompositeAlarm[];
  readonly #props: ServiceLevelProps;

  constructor(scope: Construct, id: string, props: ServiceLevelProps) {
    super(scope, id);
    this.#props = props;
    this.alarms = PACES.map((pace) => this.#watch(pace));
  }

  #watch({ id, burn, long, windows = 1, short, severity, spends }: Pace): CompositeAlarm {
    const { promise, owner, runbook } = this.#props;
    const notice = {
      says: `${promise} The error budget of 30 days is used up ${burn} times too fast: ${spends}.`,
      severity,
      owner,
      runbook,
    };
    const parts = [
      this.#burn(`${id}Long`, burn, { period: long, periods: windows, notice }),
      this.#burn(`${id}Short`, burn, { period: short, periods: 1, notice }),
    ];
    const rule = AlarmRule.allOf(...parts.map((part) => AlarmRule.fromAlarm(part, AlarmState.ALARM)));
    return compositeAlarm(this, id, rule, notice);
  }

  #burn(
    id: string,
    burn: number,
    { period, periods, notice }: { readonly period: Duration; readonly periods: number; readonly notice: AlarmNotice },
  ): Alarm {
    const { goal, bad, total } = this.#props;
    return alarm(this, id, {
      ...notice,
      metric: shareOf({ part: bad(period), total: total(period), atLeast: MIN_EVENTS, label: 'bad' }),
      threshold: Number((burn * (1 - goal)).toPrecision(6)),
      periods,
      quiet: true,
    });
  }
}
