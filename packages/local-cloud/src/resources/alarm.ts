import { AssemblyError } from '../assembly/errors.ts';
import type { Provisioned } from '../assembly/stack.ts';
import type { Alarm } from '../services/cloudwatch/alarms/alarm.ts';
import {
  AlarmError,
  compositeAlarm,
  compositeAlarmSchema,
  metricAlarm,
  metricAlarmSchema,
} from '../services/cloudwatch/alarms/properties.ts';
import type { AlarmNames } from '../services/cloudwatch/alarms/properties.ts';
import { alarmsIn } from '../services/cloudwatch/alarms/rule.ts';
import { resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

export const alarm = resourceType(
  'AWS::CloudWatch::Alarm',
  metricAlarmSchema,
  (properties, context) => put(context, properties.AlarmName, (names) => metricAlarm(properties, names)),
  async (name, { host }) => host.alarms.remove(name),
);

export const composite = resourceType(
  'AWS::CloudWatch::CompositeAlarm',
  compositeAlarmSchema,
  (properties, context) =>
    put(context, properties.AlarmName, (names) => {
      const made = compositeAlarm(properties, names);
      const unknown = alarmsIn(made.rule).find((name) => !context.host.alarms.has(name));
      if (unknown !== undefined)
        throw new AlarmError(`its rule names the alarm ${unknown}, which is not in the assembly`);
      return made;
    }),
  async (name, { host }) => host.alarms.remove(name),
);

function put(context: ResourceContext, given: string | undefined, make: (names: AlarmNames) => Alarm): Provisioned {
  const name = given ?? context.physicalName(255);
  const arn = context.arn('cloudwatch', `alarm:${name}`);
  try {
    context.host.alarms.put(make({ name, arn }));
  } catch (error) {
    if (!(error instanceof AlarmError)) throw error;
    throw new AssemblyError(context.where, `the alarm ${name} cannot be evaluated here: ${error.message}.`);
  }
  return { ref: name, attributes: { Arn: arn } };
}
