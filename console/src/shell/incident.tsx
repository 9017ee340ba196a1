import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { usePools } from '../api/pools.ts';
import { poolPath, To } from '../url/to.tsx';

/** What is held back or broken right now, above every view. Nothing while all is well. */
export function Incident() {
  const held = (usePools().data ?? []).filter(({ status }) => status !== 'active');
  if (held.length === 0) return null;
  return (
    <div className="incident">
      <Alert type="warning" header="Pools that start no tasks, or only some">
        <SpaceBetween direction="horizontal" size="m">
          {held.map(({ agent, status }) => (
            <To key={agent} path={poolPath(agent)}>
              {agent}: {status}
            </To>
          ))}
        </SpaceBetween>
      </Alert>
    </div>
  );
}
