import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { taskIdParam } from '../tasks/messages.ts';
import { alarmDetailSchema, alarmListSchema, taskAlarmsSchema } from './messages.ts';

/** The fleet's alarms. They concern all tenants, so they require the scope `fleet`. */
export const alarmOperations = {
  listAlarms: operation({
    method: 'GET',
    path: '/alarms',
    scope: 'fleet',
    summary: 'List alarms',
    description:
      'Returns the alarms of the fleet with their states, severities, owners and sections of the runbook. The states are those of CloudWatch.',
    answer: { status: 200, schema: alarmListSchema, description: 'The alarms.' },
  }),
  getAlarm: operation({
    method: 'GET',
    path: '/alarms/{name}',
    scope: 'fleet',
    summary: 'Get an alarm',
    description:
      'Returns an alarm with the values that it compares with its threshold, and the last changes of its state.',
    params: z.strictObject({ name: z.string().min(1).max(255) }),
    answer: { status: 200, schema: alarmDetailSchema, description: 'The alarm.' },
    problems: ['not-found'],
  }),
  getTaskAlarms: operation({
    method: 'GET',
    path: '/tasks/{id}/alarms',
    scope: 'fleet',
    summary: 'List the alarms of the time of a task',
    description:
      'Returns the alarms that rang between the acceptance of a task and its end: those of its agent, of the agent’s system and of the whole fleet. An alarm also counts that rang only when the period in which the task ended had been evaluated. An alarm concerns all tenants, so other tasks may have caused it. CloudWatch keeps changes of alarms for 30 days.',
    params: z.strictObject({ id: taskIdParam }),
    answer: { status: 200, schema: taskAlarmsSchema, description: 'The alarms that rang.' },
    problems: ['not-found', 'too-many'],
  }),
} as const;
