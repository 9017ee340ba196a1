import type { CloudEvent } from '../../src/events.ts';
import {
  compositeAlarm,
  compositeAlarmSchema,
  metricAlarm,
  metricAlarmSchema,
} from '../../src/services/cloudwatch/alarms/properties.ts';
import { createCloudWatch } from '../../src/services/cloudwatch/service.ts';
import type { CloudWatchService } from '../../src/services/cloudwatch/service.ts';

export const TOPIC = 'arn:aws:sns:us-east-1:000000000000:alarms';
export const MINUTE = 60_000;
/** The start of a minute. */
export const START = Date.parse('2026-11-28T12:00:00Z');

const arnOf = (name: string): string => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;

/** A CloudWatch with a clock of its own, the messages that its alarms published, and what it reported. */
export interface Rig {
  readonly service: CloudWatchService;
  readonly clock: { now: number };
  readonly published: { readonly TopicArn: string; readonly Subject: string; readonly Message: string }[];
  readonly events: CloudEvent[];
  /** Adds a metric alarm, given what differs from one on `Errors` of a minute. */
  readonly add: (name: string, properties?: object) => void;
  readonly addComposite: (name: string, rule: string, properties?: object) => void;
  /** Records a value of `Errors` at the current time. */
  readonly errors: (value: number) => void;
  /** Lets time pass to the next full minute, and decides the alarms. */
  readonly minute: () => Promise<void>;
  readonly state: (name: string) => string | undefined;
}

export function rig(dataDir?: string, now = START): Rig {
  const clock = { now };
  const published: Rig['published'] = [];
  const events: CloudEvent[] = [];
  const service = createCloudWatch({
    dataDir,
    account: '000000000000',
    region: 'us-east-1',
    now: () => clock.now,
    hasPolicy: () => false,
    onEvent: (event) => events.push(event),
    call: async (_service, _action, input) => {
      if (String(input['TopicArn']).endsWith('missing')) throw new Error('Topic does not exist');
      published.push(input as Rig['published'][number]);
      return {};
    },
  });
  return {
    service,
    clock,
    published,
    events,
    add: (name, properties = {}) =>
      service.alarms.put(
        metricAlarm(metricAlarmSchema.parse({ ...ERRORS, ...properties }), { name, arn: arnOf(name) }),
      ),
    addComposite: (name, AlarmRule, properties = {}) =>
      service.alarms.put(
        compositeAlarm(compositeAlarmSchema.parse({ AlarmRule, ...properties }), { name, arn: arnOf(name) }),
      ),
    errors: (value) => service.measure({ namespace: 'fleet', name: 'Errors', dimensions: { service: 'echo' }, value }),
    minute: async () => {
      clock.now = Math.floor(clock.now / MINUTE) * MINUTE + MINUTE;
      service.tick();
      await service.alarms.settled();
    },
    state: (name) => service.alarms.find(name)?.status.state,
  };
}

const ERRORS = {
  AlarmDescription: 'Something failed.',
  Namespace: 'fleet',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'service', Value: 'echo' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
};
