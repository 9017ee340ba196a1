import type { TableProps } from '@cloudscape-design/components/table';
import type { PoolView } from '#core/api/pools/messages.ts';
import { useFleet } from '../../api/pools.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { Page } from '../../parts/page.tsx';
import { poolPath, To } from '../../url/to.tsx';
import { Hold } from '../incident/hold.tsx';
import { HoldActions } from '../incident/hold-actions.tsx';
import { atLeast, Waiting } from './waiting.tsx';

const COLUMNS: readonly TableProps.ColumnDefinition<PoolView>[] = [
  { id: 'agent', header: 'Agent', isRowHeader: true, cell: ({ agent }) => <To path={poolPath(agent)}>{agent}</To> },
  { id: 'status', header: 'Status', cell: (pool) => <Hold hold={pool} /> },
  { id: 'running', header: 'Running', cell: (pool) => atLeast(pool, pool.tasks?.running) },
  { id: 'queued', header: 'Queued', cell: (pool) => atLeast(pool, pool.tasks?.queued) },
  { id: 'parked', header: 'Waiting for', cell: (pool) => <Waiting pool={pool} /> },
  { id: 'unreadable', header: 'Unreadable', cell: ({ waiting }) => number(waiting.deadLetters) },
  {
    id: 'actions',
    header: 'Actions',
    minWidth: 130,
    cell: ({ agent, status }) => <HoldActions what={{ kind: 'pool', agent }} status={status} />,
  },
];

/** All pools, with their states and what their tasks wait for. */
export function Pools() {
  const fleet = useFleet();
  const pools = fleet.data?.pools;
  return (
    <Page title="Pools" source={fleet} description={<CommandLine command={fleetCommand.pools()} />}>
      <ItemTable
        title="Pools"
        counter={pools && `(${pools.length})`}
        items={pools}
        columns={COLUMNS}
        idOf={({ agent }) => agent}
        empty="No pools. Deploy an agent, and its pool appears here."
      />
    </Page>
  );
}
