import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { z } from 'zod';
import type { EscalationView } from '#core/api/escalations/messages.ts';
import { useEscalations } from '../../api/escalations.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { NextPage } from '../../parts/next-page.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { sessionPath, TaskLink, To } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { Answer } from './answer.tsx';
import { Claim } from './claim.tsx';

const SEARCH = { status: z.enum(['waiting', 'answered']), cursor: z.string().max(512) };

const COLUMNS: readonly TableProps.ColumnDefinition<EscalationView>[] = [
  { id: 'id', header: 'Task', isRowHeader: true, cell: ({ id }) => <TaskLink id={id} /> },
  { id: 'status', header: 'Status', cell: (escalation) => <State of={escalation} /> },
  { id: 'agent', header: 'Agent', cell: ({ agent }) => agent },
  { id: 'since', header: 'Since', cell: ({ createdAt }) => <Age at={createdAt} /> },
  { id: 'what', header: 'What', cell: ({ summary, reason }) => summary ?? reason },
  {
    id: 'session',
    header: 'Session',
    cell: ({ sessionId }) => (sessionId === undefined ? '–' : <To path={sessionPath(sessionId)}>{sessionId}</To>),
  },
  {
    id: 'reply',
    header: 'Reply',
    minWidth: 240,
    cell: (escalation) => escalation.reply ?? <Actions of={escalation} />,
  },
];

/** Tasks that need a person, oldest first. */
export function Escalations() {
  const { values, change } = useSearchState(SEARCH);
  const status = values.status ?? 'waiting';
  const page = useEscalations(status, values.cursor);
  return (
    <Page title="Escalations" source={page} description={<CommandLine command={fleetCommand.escalations()} />}>
      <ItemTable
        title="Escalations"
        items={page.data?.escalations}
        columns={COLUMNS}
        idOf={({ id }) => id}
        empty={status === 'waiting' ? 'Nothing waits for a person.' : 'None was answered yet.'}
        filter={
          <SegmentedControl
            label="Which escalations"
            selectedId={status}
            onChange={({ detail }) => change({ status: detail.selectedId, cursor: undefined })}
            options={[
              { id: 'waiting', text: 'Waiting' },
              { id: 'answered', text: 'Answered' },
            ]}
          />
        }
        pagination={
          <NextPage
            first="Oldest"
            further="Newer"
            cursor={values.cursor}
            next={page.data?.next}
            go={(cursor) => change({ cursor })}
          />
        }
      />
    </Page>
  );
}

function State({ of: { status, by, until } }: { readonly of: EscalationView }) {
  return (
    <>
      <Status of={status} detail={by === undefined ? undefined : `by ${by}`} />
      {status === 'claimed' && until !== undefined && (
        <div>
          until <Age at={until} />
        </div>
      )}
    </>
  );
}

function Actions({ of }: { readonly of: EscalationView }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Claim of={of} />
      <Answer of={of} />
    </SpaceBetween>
  );
}
