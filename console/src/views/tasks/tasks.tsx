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
import { TASK_COLUMNS } from './columns.tsx';
import { SEARCH } from './filter.ts';
import { CancelSelected, RetrySelected } from './selected-actions.tsx';
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
            <CancelSelected tasks={current} />
            <RetrySelected tasks={current} />
          </SpaceBetween>
        }
      />
    </Page>
  );
}
