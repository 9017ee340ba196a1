import type { TableProps } from '@cloudscape-design/components/table';
import { number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { TaskLink } from '../../url/to.tsx';
import { BulkButton } from '../bulk/bulk-button.tsx';
import type { Cell } from './cells.ts';
import { groupFailures, type FailureGroup } from './failure-groups.ts';

/** Tasks that a bulk action takes by their ids. */
const MAX_IN_ACTION = 500;

const COLUMNS: readonly TableProps.ColumnDefinition<FailureGroup>[] = [
  { id: 'count', header: 'Tasks', cell: ({ ids }) => number(ids.length) },
  { id: 'kind', header: 'Kind', isRowHeader: true, cell: ({ kind }) => kind },
  { id: 'reason', header: 'Reason of the first', cell: ({ example }) => example },
  { id: 'example', header: 'For example', cell: ({ ids: [first = ''] }) => <TaskLink id={first} /> },
  {
    id: 'retry',
    header: 'Action',
    cell: ({ ids }) => <BulkButton label="Retry" action="retry" filter={{ tasks: [...ids].slice(0, MAX_IN_ACTION) }} />,
  },
];

/** Why tasks of a run failed: one row for each cause. */
export function Failures({ cells }: { readonly cells: readonly Cell[] }) {
  const failed = cells.flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : []));
  if (failed.length === 0) return null;
  const groups = groupFailures(failed);
  return (
    <ItemTable
      title="Failures by cause"
      counter={`(${failed.length})`}
      items={groups}
      columns={COLUMNS}
      idOf={({ kind, pattern }) => `${kind}: ${pattern}`}
      empty="No failures."
    />
  );
}
