import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { PoolView } from '#core/api/pools/messages.ts';
import { useAlarms } from '../../api/alarms.ts';
import { useEscalations } from '../../api/escalations.ts';
import { waitingTasks } from '../../api/pools.ts';
import { useUsage } from '../../api/usage.ts';
import { dollars, number } from '../../parts/format.ts';
import { useNow } from '../../parts/now.ts';
import { Figure } from './figure.tsx';
import { ofTenant } from './of-tenant.ts';
import { atDaysEnd, chargedUsd, dayOf } from './projection.ts';

/** The figures of the fleet: depth, workers, alarms; and of the key's tenant: what ended today, dollars, escalations. */
export function Figures({ pools }: { readonly pools: readonly PoolView[] | undefined }) {
  const now = useNow();
  const today = dayOf(now);
  const { sum: usage, tenant } = useUsage(today, today).data ?? {};
  const spent = usage && chargedUsd(usage);
  const alarms = useAlarms();
  const escalations = useEscalations('waiting');
  const sum = (of: (pool: PoolView) => number): string | undefined =>
    pools && number(pools.reduce((all, pool) => all + of(pool), 0));
  const ringing = alarms.data?.filter(({ state }) => state === 'ALARM').length;
  const waiting = escalations.data && number(escalations.data.escalations.length);
  const more = escalations.data?.next === undefined ? '' : '+';
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Waiting tasks', value: <Figure of={sum(waitingTasks)} path="/pools" /> },
          {
            label: 'Running tasks',
            value: <Figure of={sum(({ tasks }) => tasks?.running ?? 0)} path="/tasks?status=running" />,
          },
          {
            label: ofTenant('Succeeded today (UTC)', tenant),
            value: <Figure of={usage && number(usage.ended.succeeded ?? 0)} path="/tasks?status=succeeded" />,
          },
          {
            label: ofTenant('Failed today (UTC)', tenant),
            value: <Figure of={usage && number(usage.ended.failed ?? 0)} path="/tasks?status=failed" />,
          },
          {
            label: ofTenant('Cost today (UTC)', tenant),
            value: <Figure of={spent === undefined ? undefined : dollars(spent)} path="/usage" />,
          },
          {
            label: ofTenant('Cost at the day’s end, at today’s pace', tenant),
            value: <Figure of={spent === undefined ? undefined : dollars(atDaysEnd(spent, now))} path="/usage" />,
          },
          {
            label: 'Alarms that ring',
            value: (
              <Figure
                of={ringing === undefined ? undefined : number(ringing)}
                path="/alarms"
                isBad={(ringing ?? 0) > 0}
              />
            ),
          },
          {
            label: ofTenant('Waiting for a person', tenant),
            value: <Figure of={waiting && `${waiting}${more}`} path="/escalations" />,
          },
        ]}
      />
    </Container>
  );
}
