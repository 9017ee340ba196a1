import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { nameOf, pause, resume, type What } from '../../api/pools.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { PersonField, usePerson } from '../../parts/person-field.tsx';

interface HoldActionsProps {
  readonly what: What;
  readonly status: string;
}

/** The buttons of what can be held: pause, and resume if it is paused or resuming. */
export function HoldActions({ what, status }: HoldActionsProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {status !== 'paused' && <Pause what={what} />}
      {(status === 'paused' || status === 'resuming') && <Resume what={what} />}
    </SpaceBetween>
  );
}

/** Shares of the workers that a resume in steps allows, five minutes each. */
const STEPS = '10,50,100';

function Resume({ what }: Pick<HoldActionsProps, 'what'>) {
  const [isSlow, setSlow] = useState(what.kind !== 'pool');
  const steps = isSlow ? STEPS : undefined;
  const action = useAction(
    () => resume(what, steps),
    () => ({ text: `Resuming ${nameOf(what)}.` }),
  );
  return (
    <ActionButton
      label={what.kind === 'fleet' ? 'Resume the fleet' : 'Resume'}
      command={fleetCommand.resume(what, steps)}
      run={() => action.mutateAsync(undefined)}
    >
      <SpaceBetween size="m">
        <div>Waiting tasks of {nameOf(what)} start gradually, twice as many each minute.</div>
        <Checkbox checked={isSlow} onChange={({ detail }) => setSlow(detail.checked)}>
          In steps: at most 10 % of the tasks at once, after five minutes 50 %, after ten all
        </Checkbox>
      </SpaceBetween>
    </ActionButton>
  );
}

const EFFECT = {
  pool: 'No other task of the pool starts, for any tenant.',
  tenant: 'No other task of the tenant starts, in any pool. Its tasks are still accepted.',
  fleet: 'No other task starts: in all pools, for all tenants.',
} as const;

function Pause({ what }: Pick<HoldActionsProps, 'what'>) {
  const [reason, setReason] = useState('');
  const [person, setPerson] = usePerson();
  const action = useAction(
    () => pause(what, { reason, by: person }),
    () => ({ text: `Paused ${nameOf(what)}. To undo it:`, command: fleetCommand.resume(what, undefined) }),
  );
  return (
    <ActionButton
      label={what.kind === 'fleet' ? 'Pause the fleet' : 'Pause'}
      command={fleetCommand.pause(what, reason, person)}
      run={() => action.mutateAsync(undefined)}
      isReady={reason !== '' && person !== ''}
    >
      <SpaceBetween size="m">
        <div>{EFFECT[what.kind]} Running tasks finish. Deadlines still apply.</div>
        <FormField label="Reason" description="For others who see that it is paused.">
          <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
        <PersonField name={person} change={setPerson} />
      </SpaceBetween>
    </ActionButton>
  );
}
