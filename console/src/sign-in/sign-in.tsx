import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { CommandLine } from '../parts/command-line.tsx';
import { fleetCommand } from '../parts/commands.ts';
import { goToSignIn } from './cognito.ts';
import { KeyForm } from './key-form.tsx';
import { readSettings, type SignInSettings } from './settings.ts';

/** How a person gets in, as the place where the console is served says. */
export function SignIn() {
  const settings = useQuery({ queryKey: ['sign-in'], queryFn: readSettings, staleTime: Number.POSITIVE_INFINITY });
  return (
    <main className="sign-in">
      <Container header={<Header variant="h1">Sign in to agent-fleet</Header>}>
        {settings.data ? <Way settings={settings.data} /> : <Spinner />}
      </Container>
    </main>
  );
}

function Way({ settings }: { readonly settings: SignInSettings }) {
  switch (settings.signIn) {
    case 'key':
      return <KeyForm />;
    case 'cookie':
      return (
        <SpaceBetween size="s">
          <Box variant="p">Your session has ended. Open the link that this command prints:</Box>
          <CommandLine command={fleetCommand.console()} />
        </SpaceBetween>
      );
    case 'cognito':
      return (
        <Button variant="primary" onClick={() => void goToSignIn(settings)}>
          Continue to the sign-in page
        </Button>
      );
  }
}
