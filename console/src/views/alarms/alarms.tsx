import type { TableProps } from '@cloudscape-design/components/table';
import { useAlarms, type Alarm } from '../../api/alarms.ts';
import { Age } from '../../parts/age.tsx';
import { ItemTable } from '../../parts/item-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { poolPath, To } from '../../url/to.tsx';

const COLUMNS: readonly TableProps.ColumnDefinition<Alarm>[] = [
  { id: 'name', header: 'Alarm', isRowHeader: true, cell: ({ name }) => name },
  { id: 'state', header: 'State', cell: ({ state }) => <Status of={state} /> },
  { id: 'since', header: 'Since', cell: ({ since }) => (since === undefined ? '–' : <Age at={since} />) },
  { id: 'severity', header: 'Severity', cell: ({ severity }) => severity ?? '–' },
  { id: 'says', header: 'What it means', cell: ({ says }) => says ?? '–' },
  { id: 'reason', header: 'Why', cell: ({ reason }) => reason ?? '–' },
  {
    id: 'agent',
    header: 'Pool',
    cell: ({ agent }) => (agent === undefined ? '–' : <To path={poolPath(agent)}>{agent}</To>),
  },
];

/** The alarms of the fleet. */
export function Alarms() {
  const alarms = useAlarms();
  return (
    <Page title="Alarms" source={alarms}>
      <ItemTable title="Alarms" items={alarms.data} columns={COLUMNS} idOf={({ name }) => name} empty="No alarms." />
    </Page>
  );
}
