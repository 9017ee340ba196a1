import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useFleet } from '../../api/pools.ts';
import { useRuns } from '../../api/runs.ts';
import { useTasks } from '../../api/tasks.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { Page } from '../../parts/page.tsx';
import { pathWith } from '../../url/search.ts';
import { To } from '../../url/to.tsx';
import { RUN_COLUMNS } from '../runs/runs.tsx';
import { TASK_COLUMNS } from '../tasks/columns.tsx';
import { Charts } from './charts.tsx';
import { Figures } from './figures.tsx';
import { PoolBars } from './pool-bars.tsx';

const NEWEST = 8;

/** What the fleet is doing now, what it costs, and what went wrong. */
export function Overview() {
  const fleet = useFleet();
  return (
    <Page title="Overview" source={fleet}>
      <SpaceBetween size="l">
        <Figures pools={fleet.data?.pools} />
        <Charts />
        <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
          <Failures />
          <PoolBars pools={fleet.data?.pools} />
        </Grid>
        <NewestRuns />
      </SpaceBetween>
    </Page>
  );
}

const FAILURE_COLUMNS = TASK_COLUMNS.filter(({ id = '' }) =>
  ['id', 'status', 'agent', 'accepted', 'cost'].includes(id),
);

function Failures() {
  const failed = useTasks({ status: 'failed', limit: NEWEST });
  return (
    <ItemTable
      title="Newest failures"
      items={failed.data?.tasks}
      columns={FAILURE_COLUMNS}
      idOf={({ id }) => id}
      empty="No task has failed."
      actions={<To path={pathWith('/tasks', { status: 'failed' })}>All failures</To>}
    />
  );
}

function NewestRuns() {
  const runs = useRuns(undefined, NEWEST);
  return (
    <ItemTable
      title="Newest runs"
      items={runs.data?.runs}
      columns={RUN_COLUMNS}
      idOf={({ id }) => id}
      empty="No runs."
      actions={<To path="/runs">All runs</To>}
    />
  );
}
