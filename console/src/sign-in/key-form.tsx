import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { keepKey, keyInUse } from '../api/session.ts';
import { signedOut } from '../api/signed-out.ts';

/** Takes a key of the task API. */
export function KeyForm() {
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (key.trim() === '') return;
    keepKey(key.trim());
    signedOut.set(false);
    void client.resetQueries();
  };
  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        {keyInUse() !== null && <Alert type="error">The fleet rejected the key. Check it, or use another one.</Alert>}
        <FormField
          label="Key"
          description="It stays in this tab until you close it."
          constraintText="An operator creates one with: npm run fleet -- keys create --name NAME"
        >
          <Input
            type="password"
            value={key}
            onChange={({ detail }) => setKey(detail.value)}
            autoComplete={false}
            placeholder="flk_…"
          />
        </FormField>
        <Button variant="primary">Sign in</Button>
      </SpaceBetween>
    </form>
  );
}
