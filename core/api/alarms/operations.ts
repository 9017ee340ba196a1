import { z } from 'zod';
import { operation } from '../http/operation.ts';
import { alarmDetailSchema, alarmListSchema } from './messages.ts';

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
} as const;
