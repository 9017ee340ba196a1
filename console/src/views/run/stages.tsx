import type { TableProps } from '@cloudscape-design/components/table';
import type { RunView } from '../../api/runs.ts';
import { dollars, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { poolPath, To } from '../../url/to.tsx';

type Stage = NonNullable<RunView['agents']>[number];

const COLUMNS: readonly TableProps.ColumnDefinition<Stage>[] = [
  { id: 'agent', header: 'Agent', isRowHeader: true, cell: ({ agent }) => <To path={poolPath(agent)}>{agent}</To> },
  ...(['queued', 'parked', 'running', 'succeeded', 'failed'] as const).map((status) => ({
    id: status,
    header: status,
    cell: ({ tasks }: Stage) => number(tasks[status] ?? 0),
  })),
  { id: 'cost', header: 'Cost', cell: ({ spent }) => dollars(spent.usd) },
];

/** The stages of a pipeline, by their agents. */
export function Stages({ agents }: { readonly agents: readonly Stage[] }) {
  return (
    <ItemTable
      title="Stages"
      variant="embedded"
      items={agents}
      columns={COLUMNS}
      idOf={({ agent }) => agent}
      empty="No stage has begun."
    />
  );
}
