import type { TableProps } from '@cloudscape-design/components/table';
import { retryTask } from '../../api/tasks.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { count, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { TaskLink } from '../../url/to.tsx';
import { oneByOne, outcomeWords } from '../tasks/one-by-one.ts';
import type { Cell } from './cells.ts';
import { groupFailures, type FailureGroup } from './failure-groups.ts';

const COLUMNS: readonly TableProps.ColumnDefinition<FailureGroup>[] = [
  { id: 'count', header: 'Tasks', cell: ({ ids }) => number(ids.length) },
  { id: 'kind', header: 'Kind', isRowHeader: true, cell: ({ kind }) => kind },
  { id: 'reason', header: 'Reason of the first', cell: ({ example }) => example },
  { id: 'example', header: 'For example', cell: ({ ids: [first = ''] }) => <TaskLink id={first} /> },
  { id: 'retry', header: 'Action', cell: (group) => <RetryGroup group={group} /> },
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

function RetryGroup({ group: { ids } }: { readonly group: FailureGroup }) {
  const action = useAction(
    () => oneByOne(ids, retryTask),
    (outcomes) => ({
      type: outcomes.failed.length === 0 ? 'success' : 'warning',
      text: outcomeWords(outcomes, 'retried'),
    }),
  );
  return (
    <ActionButton label="Retry" command={fleetCommand.retry(ids)} run={() => action.mutateAsync(undefined)}>
      Creates {count(ids.length, 'new task')} with the same inputs, each within the same budget.
    </ActionButton>
  );
}
