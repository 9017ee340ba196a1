import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { keepKey, keyInUse } from '../api/session.ts';
import { signedOut } from '../api/signed-out.ts';

/** Asks for a key. On one machine, the link that `npm start` prints signs in without one. */
export function SignIn() {
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
    <main className="sign-in">
      <form onSubmit={submit}>
        <Form actions={<Button variant="primary">Sign in</Button>}>
          <Container header={<Header variant="h1">Sign in to agent-fleet</Header>}>
            {keyInUse() !== null && (
              <Alert type="error">The fleet rejected the key. Check it, or use another one.</Alert>
            )}
            <FormField
              label="Key"
              description="It stays in this tab until you close it."
              constraintText="Begins with flk_. An operator creates one with: npm run fleet -- keys create --name NAME"
            >
              <Input
                type="password"
                value={key}
                onChange={({ detail }) => setKey(detail.value)}
                autoComplete={false}
                placeholder="flk_…"
              />
            </FormField>
            <Box variant="p" color="text-body-secondary">
              On the machine of the fleet, open the link that npm start prints instead.
            </Box>
          </Container>
        </Form>
      </form>
    </main>
  );
}
