import { z } from 'zod';
import type { Operation } from '#core/api/http/operation.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

const alarmSchema = z.object({
  name: z.string(),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  since: z.string().optional(),
  reason: z.string().optional(),
  severity: z.number().optional(),
  owner: z.string().optional(),
  runbook: z.string().optional(),
  agent: z.string().optional(),
  says: z.string().optional(),
  threshold: z.number().optional(),
});
export type Alarm = z.infer<typeof alarmSchema>;

const listAlarms = { method: 'GET', path: '/alarms' } as Operation;

/** The alarms of the fleet, those that ring first. */
export const useAlarms = () =>
  useLive(['alarms'], async (signal): Promise<readonly Alarm[]> => {
    const { alarms } = await call(listAlarms, z.object({ alarms: z.array(alarmSchema) }), { signal });
    const rank = ({ state, severity = 9 }: Alarm): number => (state === 'ALARM' ? severity : 10);
    return alarms.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  });
