import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTasks, type ListedTask } from '../../api/tasks.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { NextPage } from '../../parts/next-page.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { BulkButton } from '../bulk/bulk-button.tsx';
import { bulkFilterOf } from './bulk-filter.ts';
import { TASK_COLUMNS } from './columns.tsx';
import { SEARCH, type FilterValues } from './filter.ts';

import { TaskFilter } from './task-filter.tsx';

/** The list of tasks, newest first, by the filter of the URL. */
export function Tasks() {
  const { values, ignored, change } = useSearchState(SEARCH);
  const [selected, select] = useState<readonly ListedTask[]>([]);
  const tasks = useTasks(values);
  // Tasks move on: what is selected is shown, and acted on, as it is now.
  const current = (tasks.data?.tasks ?? []).filter(({ id }) => selected.some((task) => task.id === id));
  const { agent, status, sessionId, runId, from, to } = values;
  const command = fleetCommand.tasks({ agent, status, session: sessionId, run: runId, from, to });
  return (
    <Page title="Tasks" source={tasks} description={<CommandLine command={command} />}>
      {ignored.length > 0 && <Alert type="warning">Not a valid filter, so it is ignored: {ignored.join(', ')}</Alert>}
      <ItemTable
        title="Tasks"
        counter={current.length > 0 ? `(${current.length} selected)` : undefined}
        items={tasks.data?.tasks}
        columns={TASK_COLUMNS}
        idOf={({ id }) => id}
        selection={{ items: current, change: select }}
        empty={tasks.data?.next === undefined ? 'No tasks match.' : 'None found so far. Search older ones.'}
        filter={<TaskFilter values={values} change={(next) => change({ ...next, cursor: undefined })} />}
        pagination={<NextPage cursor={values.cursor} next={tasks.data?.next} go={(cursor) => change({ cursor })} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ManyTasks action="cancel" label="Cancel" selected={current} values={values} />
            <ManyTasks action="retry" label="Retry" selected={current} values={values} />
          </SpaceBetween>
        }
      />
    </Page>
  );
}

interface ManyTasksProps {
  readonly action: 'cancel' | 'retry';
  readonly label: string;
  readonly selected: readonly ListedTask[];
  readonly values: FilterValues;
}

/** Acts on the selected tasks, else on all that match the filter. */
function ManyTasks({ action, label, selected, values }: ManyTasksProps) {
  const filter = bulkFilterOf(action, selected, values);
  return (
    <BulkButton
      action={action}
      filter={filter ?? {}}
      isDisabled={filter === null}
      label={selected.length === 0 ? `${label} all that match` : `${label} ${filter?.tasks?.length ?? 0}`}
    />
  );
}
