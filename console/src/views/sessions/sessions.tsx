import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';
import { z } from 'zod';
import { useTasks } from '../../api/tasks.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { Age } from '../../parts/age.tsx';
import { number } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { sessionPath, To } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { recentSessions, type RecentSession } from './recent-sessions.ts';

const SEARCH = { id: z.string().min(1).max(128) };

/** Leads to a session by its id, and to those of the newest tasks: the API has no list of sessions. */
export function Sessions() {
  const { values } = useSearchState(SEARCH);
  const tasks = useTasks({ limit: 100 });
  return (
    <Page title="Sessions" source={tasks}>
      <Open initial={values.id ?? ''} />
      <ItemTable<RecentSession>
        title="Sessions of the newest tasks"
        items={tasks.data && recentSessions(tasks.data.tasks)}
        idOf={({ id }) => id}
        empty="None of the newest tasks belongs to a session."
        columns={[
          { id: 'id', header: 'Session', isRowHeader: true, cell: ({ id }) => <To path={sessionPath(id)}>{id}</To> },
          { id: 'agent', header: 'Agent', cell: ({ agent }) => agent },
          { id: 'tasks', header: 'Recent tasks', cell: ({ tasks }) => number(tasks) },
          { id: 'open', header: 'Not ended', cell: ({ open }) => number(open) },
          { id: 'last', header: 'Last task', cell: ({ lastAt }) => <Age at={lastAt} /> },
        ]}
      />
    </Page>
  );
}

function Open({ initial }: { readonly initial: string }) {
  const [, navigate] = useLocation();
  const [id, setId] = useState(initial);
  const open = (event: SubmitEvent): void => {
    event.preventDefault();
    if (id.trim() !== '') navigate(sessionPath(id.trim()));
  };
  return (
    <Container>
      <form onSubmit={open}>
        <FormField label="Id of a session">
          <SpaceBetween direction="horizontal" size="xs">
            <Input value={id} onChange={({ detail }) => setId(detail.value)} placeholder="ada" />
            <Button>Open</Button>
          </SpaceBetween>
        </FormField>
      </form>
    </Container>
  );
}
