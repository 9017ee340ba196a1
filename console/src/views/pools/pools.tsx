import type { TableProps } from '@cloudscape-design/components/table';
import type { PoolView } from '#core/api/pools/messages.ts';
import { usePools } from '../../api/pools.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { poolPath, To } from '../../url/to.tsx';
import { PoolActions } from './pool-actions.tsx';
import { atLeast, Waiting } from './waiting.tsx';

const COLUMNS: readonly TableProps.ColumnDefinition<PoolView>[] = [
  { id: 'agent', header: 'Agent', isRowHeader: true, cell: ({ agent }) => <To path={poolPath(agent)}>{agent}</To> },
  { id: 'status', header: 'Status', cell: (pool) => <PoolStatus pool={pool} /> },
  { id: 'running', header: 'Running', cell: (pool) => atLeast(pool, pool.tasks?.running) },
  { id: 'queued', header: 'Queued', cell: (pool) => atLeast(pool, pool.tasks?.queued) },
  { id: 'parked', header: 'Waiting for', cell: (pool) => <Waiting pool={pool} /> },
  { id: 'unreadable', header: 'Unreadable', cell: ({ waiting }) => number(waiting.deadLetters) },
  { id: 'actions', header: 'Actions', minWidth: 130, cell: (pool) => <PoolActions pool={pool} /> },
];

/** All pools, with their states and what their tasks wait for. */
export function Pools() {
  const pools = usePools();
  return (
    <Page title="Pools" source={pools} description={<CommandLine command={fleetCommand.pools()} />}>
      <ItemTable
        title="Pools"
        counter={pools.data && `(${pools.data.length})`}
        items={pools.data}
        columns={COLUMNS}
        idOf={({ agent }) => agent}
        empty="No pools. Deploy an agent, and its pool appears here."
      />
    </Page>
  );
}

/** A pool's status, who paused it and why. */
export function PoolStatus({ pool: { status, reason, by, since, until } }: { readonly pool: PoolView }) {
  return (
    <>
      <Status of={status} />
      {reason !== undefined && <div>{reason}</div>}
      {by !== undefined && <div>by {by}</div>}
      {since !== undefined && <Age at={since} />}
      {until !== undefined && (
        <div>
          tries again <Age at={until} />
        </div>
      )}
    </>
  );
}
