import type { TableProps } from '@cloudscape-design/components/table';
import { z } from 'zod';
import { useBulkActions, type BulkView } from '../../api/bulk.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { dollars, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { NextPage } from '../../parts/next-page.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { bulkPath, To } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';

const SEARCH = { cursor: z.string().max(512) };

const COLUMNS: readonly TableProps.ColumnDefinition<BulkView>[] = [
  {
    id: 'action',
    header: 'Action',
    isRowHeader: true,
    cell: ({ id, action, count }) => (
      <To path={bulkPath(id)}>
        {action} {number(count)} tasks
      </To>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ status }) => <Status of={status} /> },
  { id: 'started', header: 'Started', cell: ({ createdAt }) => <Age at={createdAt} /> },
  { id: 'done', header: 'Done', cell: ({ done }) => number(done) },
  { id: 'skipped', header: 'Skipped', cell: ({ skipped }) => number(skipped) },
  { id: 'failed', header: 'Failed', cell: ({ failed }) => number(failed) },
  { id: 'usd', header: 'Expected cost', cell: ({ usd }) => dollars(usd) },
  { id: 'filter', header: 'Filter', cell: ({ filter }) => filterWords(filter) },
];

/** A filter in a line. Lists of ids are counted. */
const filterWords = (filter: BulkView['filter']): string =>
  Object.entries(filter)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.length : String(value)}`)
    .join(', ');

/** The actions on many tasks, newest first. */
export function BulkActions() {
  const { values, change } = useSearchState(SEARCH);
  const page = useBulkActions(values.cursor);
  return (
    <Page title="Bulk actions" source={page} description={<CommandLine command={fleetCommand.bulkList()} />}>
      <ItemTable
        title="Bulk actions"
        items={page.data?.actions}
        columns={COLUMNS}
        idOf={({ id }) => id}
        empty="None yet. Filter tasks, then cancel or retry all that match."
        pagination={<NextPage cursor={values.cursor} next={page.data?.next} go={(cursor) => change({ cursor })} />}
      />
    </Page>
  );
}
