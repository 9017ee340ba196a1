import SpaceBetween from '@cloudscape-design/components/space-between';
import type { EscalationView } from '#core/api/escalations/messages.ts';
import { claimEscalation } from '../../api/escalations.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { PersonField, usePerson } from '../../parts/person-field.tsx';

/** Reserves an escalation for the person at this browser. */
export function Claim({ of: { id } }: { readonly of: EscalationView }) {
  const [person, setPerson] = usePerson();
  const action = useAction(
    () => claimEscalation(id, person),
    () => ({ text: `${id} is yours for 15 minutes.` }),
  );
  return (
    <ActionButton
      label="Claim"
      command={fleetCommand.claim(id, person)}
      run={() => action.mutateAsync(undefined)}
      isReady={person !== ''}
    >
      <SpaceBetween size="m">
        <div>
          Reserves the escalation for you for 15 minutes, so that nobody else answers it. Claim it again to renew.
        </div>
        <PersonField name={person} change={setPerson} />
      </SpaceBetween>
    </ActionButton>
  );
}
