import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { PoolView } from '#core/api/pools/messages.ts';
import { pausePool, resumePool } from '../../api/pools.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { PersonField, usePerson } from '../../parts/person-field.tsx';

/** The buttons of a pool: pause, or resume. */
export function PoolActions({ pool }: { readonly pool: PoolView }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {pool.status === 'paused' ? <Resume pool={pool} /> : <Pause pool={pool} />}
    </SpaceBetween>
  );
}

function Resume({ pool: { agent } }: { readonly pool: PoolView }) {
  const command = fleetCommand.resume(agent);
  const action = useAction(resumePool, () => ({ text: `The pool ${agent} is resuming.` }));
  return (
    <ActionButton label="Resume" command={command} run={() => action.mutateAsync(agent)}>
      New tasks of {agent} run at once. Waiting tasks start gradually, twice as many each minute.
    </ActionButton>
  );
}

function Pause({ pool: { agent } }: { readonly pool: PoolView }) {
  const [reason, setReason] = useState('');
  const [person, setPerson] = usePerson();
  const action = useAction(
    () => pausePool(agent, { reason, by: person }),
    () => ({ text: `The pool ${agent} is paused. To undo it:`, command: fleetCommand.resume(agent) }),
  );
  return (
    <ActionButton
      label="Pause"
      command={fleetCommand.pause(agent, reason, person)}
      run={() => action.mutateAsync(undefined)}
      isReady={reason !== '' && person !== ''}
    >
      <SpaceBetween size="m">
        <div>Running tasks of {agent} finish. No other task starts, for any tenant, until the pool is resumed.</div>
        <FormField label="Reason" description="For others who see the paused pool.">
          <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
        <PersonField name={person} change={setPerson} />
      </SpaceBetween>
    </ActionButton>
  );
}
