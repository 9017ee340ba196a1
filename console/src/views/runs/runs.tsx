import type { TableProps } from '@cloudscape-design/components/table';
import { z } from 'zod';
import type { RunPage } from '#core/api/runs/messages.ts';
import { useRuns } from '../../api/runs.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { NextPage } from '../../parts/next-page.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { RunLink } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';

const SEARCH = { cursor: z.string().max(512) };
type ListedRun = RunPage['runs'][number];

/** The columns of runs, wherever they are listed. */
export const RUN_COLUMNS: readonly TableProps.ColumnDefinition<ListedRun>[] = [
  { id: 'id', header: 'Run', isRowHeader: true, cell: ({ id }) => <RunLink id={id} /> },
  { id: 'name', header: 'Name', cell: ({ name }) => name ?? '–' },
  { id: 'status', header: 'Status', cell: (run) => <RunStatus run={run} /> },
  { id: 'size', header: 'Size', cell: ({ size }) => number(size) },
  { id: 'accepted', header: 'Accepted', cell: ({ createdAt }) => <Age at={createdAt} /> },
];

/** The end of a run without a workflow follows from its tasks, which only its own view reads. */
function RunStatus({ run: { status, cancelled } }: { readonly run: ListedRun }) {
  if (cancelled === true) return <Status of="cancelled" />;
  return status === undefined ? '–' : <Status of={status} />;
}

/** The list of runs, newest first. */
export function Runs() {
  const { values, change } = useSearchState(SEARCH);
  const runs = useRuns(values.cursor);
  return (
    <Page title="Runs" source={runs} description={<CommandLine command={fleetCommand.runs()} />}>
      <ItemTable
        title="Runs"
        items={runs.data?.runs}
        columns={RUN_COLUMNS}
        idOf={({ id }) => id}
        empty="No runs."
        pagination={<NextPage cursor={values.cursor} next={runs.data?.next} go={(cursor) => change({ cursor })} />}
      />
    </Page>
  );
}
