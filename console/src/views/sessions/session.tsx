import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { sessionViewSchema, type SessionView } from '#core/api/sessions/messages.ts';
import { sessionOperations } from '#core/api/sessions/operations.ts';
import { z } from 'zod';
import { call } from '../../api/call.ts';
import { useAction } from '../../api/use-action.ts';
import { useLive } from '../../api/use-live.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { Page } from '../../parts/page.tsx';
import { pathWith } from '../../url/search.ts';
import { TaskLink, To } from '../../url/to.tsx';
import { Turns } from './turns.tsx';

/** One session as a conversation. */
export function Session({ id }: { readonly id: string }) {
  const session = useLive(
    ['session', id],
    (signal) => call(sessionOperations.getSession, sessionViewSchema, { params: { id }, signal }),
    { isBusy: ({ waiting }) => waiting.length > 0 },
  );
  return (
    <Page
      title={`Session ${id}`}
      source={session}
      description={<CommandLine command={fleetCommand.session(id)} />}
      actions={session.data && <Forget id={id} />}
    >
      {session.data && <Conversation session={session.data} />}
    </Page>
  );
}

function Conversation({ session: { id, turns, waiting, expiresAt } }: { readonly session: SessionView }) {
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            description={
              <>
                It expires <Age at={expiresAt} /> if it is not used.
              </>
            }
            actions={<To path={pathWith('/tasks', { sessionId: id })}>Its tasks</To>}
          >
            Conversation
          </Header>
        }
      >
        <Turns turns={turns} />
      </Container>
      {waiting.length > 0 && (
        <Container header={<Header counter={`(${waiting.length})`}>Not ended, in the order they run</Header>}>
          <ol>
            {waiting.map((task) => (
              <li key={task}>
                <TaskLink id={task} />
              </li>
            ))}
          </ol>
        </Container>
      )}
    </SpaceBetween>
  );
}

function Forget({ id }: { readonly id: string }) {
  const action = useAction(
    () => call(sessionOperations.forgetSession, z.undefined(), { params: { id } }),
    () => ({ text: `The conversation of ${id} is deleted.` }),
  );
  return (
    <ActionButton label="Forget" command={fleetCommand.forget(id)} run={() => action.mutateAsync(undefined)}>
      Deletes the conversation. Tasks that wait in the session still run, without the earlier turns. It cannot be
      undone.
    </ActionButton>
  );
}
