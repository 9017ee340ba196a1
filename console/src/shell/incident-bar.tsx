import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { isRinging, useAlarms } from '../api/alarms.ts';
import { useHolds } from '../api/pools.ts';
import { alarmPath, To } from '../url/to.tsx';

/** From this severity on, an alarm wakes nobody: it stands in the list of alarms only. */
const TICKET = 3;

/** What is held back or broken right now, above every view. Nothing while all is well. */
export function IncidentBar() {
  const fleet = useHolds().data;
  const alarms = (useAlarms().data ?? []).filter((alarm) => isRinging(alarm) && (alarm.severity ?? 1) < TICKET);
  const held = [
    ...(fleet && fleet.fleet.status !== 'active' ? [`the fleet: ${fleet.fleet.status}`] : []),
    ...(fleet?.tenants ?? []).filter(isHeld).map(({ tenant, status }) => `tenant ${tenant}: ${status}`),
    ...(fleet?.pools ?? []).filter(isHeld).map(({ agent, status }) => `${agent}: ${status}`),
  ];
  if (held.length === 0 && alarms.length === 0) return null;
  return (
    <div className="incident">
      <Alert
        type={alarms.length > 0 ? 'error' : 'warning'}
        header={alarms.length > 0 ? 'Alarms ring' : 'Held back'}
        action={<To path="/incident">Pause, cancel or resume</To>}
      >
        <SpaceBetween direction="horizontal" size="m">
          {alarms.map(({ name }) => (
            <To key={name} path={alarmPath(name)}>
              {name}
            </To>
          ))}
          {held.map((words) => (
            <span key={words}>{words}</span>
          ))}
        </SpaceBetween>
      </Alert>
    </div>
  );
}

const isHeld = ({ status }: { readonly status: string }): boolean => status !== 'active';
