import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import type { EscalationView } from '#core/api/escalations/messages.ts';
import { newKey } from '#client/new-key.ts';
import { answerEscalation } from '../../api/escalations.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { PersonField, usePerson } from '../../parts/person-field.tsx';
import { Verbatim } from '../../parts/verbatim.tsx';

/** Answers an escalation as the person at this browser. */
export function Answer({ of: { id, reason, summary } }: { readonly of: EscalationView }) {
  const [person, setPerson] = usePerson();
  const [reply, setReply] = useState('');
  const [key, setKey] = useState(newKey);
  const action = useAction(
    () => answerEscalation(id, { by: person, reply }, key),
    () => ({ text: `${id} is answered.` }),
  );
  return (
    <ActionButton
      label="Answer"
      variant="primary"
      command={fleetCommand.answer(id, reply, person)}
      run={() => action.mutateAsync(undefined)}
      isReady={person !== '' && reply !== ''}
      onOpen={() => setKey(newKey())}
    >
      <SpaceBetween size="m">
        <Verbatim label="Why it was escalated" value={summary === undefined ? reason : `${reason}\n\n${summary}`} />
        <FormField label="Reply" description="The first answer is final.">
          <Textarea value={reply} onChange={({ detail }) => setReply(detail.value)} rows={6} />
        </FormField>
        <PersonField name={person} change={setPerson} />
      </SpaceBetween>
    </ActionButton>
  );
}
