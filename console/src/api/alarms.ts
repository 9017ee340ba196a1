import {
  alarmDetailSchema,
  alarmListSchema,
  taskAlarmsSchema,
  type AlarmDetail,
  type AlarmView,
  type TaskAlarms,
} from '#core/api/alarms/messages.ts';
import { alarmOperations } from '#core/api/alarms/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { AlarmDetail, AlarmView, TaskAlarms };

/** One of the alarms that a composite alarm combines. */
export type AlarmPart = NonNullable<AlarmDetail['parts']>[number];

/** Milliseconds between two reads of all alarms: every page shows them, and CloudWatch evaluates each once a minute. */
const ALARMS_MS = 15_000;

/** The alarms of the fleet, those that ring first. */
export const useAlarms = () =>
  useLive(['alarms'], async (signal) => (await call(alarmOperations.listAlarms, alarmListSchema, { signal })).alarms, {
    everyMs: ALARMS_MS,
  });

export const useAlarm = (name: string) =>
  useLive(
    ['alarm', name],
    (signal) => call(alarmOperations.getAlarm, alarmDetailSchema, { params: { name }, signal }),
    { isBusy: isRinging },
  );

/** The alarms that rang between the acceptance of a task and its end. */
export const useTaskAlarms = (id: string) =>
  useLive(
    ['task-alarms', id],
    (signal) => call(alarmOperations.getTaskAlarms, taskAlarmsSchema, { params: { id }, signal }),
    { everyMs: ALARMS_MS },
  );

export const isRinging = ({ state }: AlarmView): boolean => state === 'ALARM';
