import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { z } from 'zod';
import { hasEnded, useSteps, useTask, type TaskView } from '../../api/tasks.ts';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { Audit } from './audit.tsx';
import { Commands } from './commands.tsx';
import { Facts } from './facts.tsx';
import { Contents } from './contents.tsx';
import { Steps } from './steps.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskAlarms } from './task-alarms.tsx';
import { TaskLogs } from './task-logs.tsx';
import { Trace } from './trace.tsx';
import { Why } from './why.tsx';

const SEARCH = { tab: z.enum(['trace', 'steps', 'logs', 'alarms', 'audit', 'contents', 'commands']) };

/** One task: what it does, why it waits, what it cost, and what can be done. */
export function Task({ id }: { readonly id: string }) {
  const task = useTask(id);
  return (
    <Page title={`Task ${id}`} source={task} actions={task.data && <TaskActions task={task.data} />}>
      {task.data && <Details task={task.data} />}
    </Page>
  );
}

function Details({ task }: { readonly task: TaskView }) {
  const { values, change } = useSearchState(SEARCH);
  const steps = useSteps(task.id, !hasEnded(task));
  const shown = steps.data ?? [];
  return (
    <SpaceBetween size="l">
      <Why task={task} />
      <Facts task={task} />
      <Tabs
        ariaLabel="Parts of the task"
        activeTabId={values.tab ?? 'trace'}
        onChange={({ detail }) => change({ tab: detail.activeTabId }, { replace: true })}
        tabs={[
          { id: 'trace', label: 'Trace', content: <Trace task={task} steps={shown} /> },
          { id: 'steps', label: `Steps (${shown.length})`, content: <Steps task={task} steps={shown} /> },
          { id: 'logs', label: 'Logs', content: <TaskLogs task={task} /> },
          { id: 'alarms', label: 'Alarms', content: <TaskAlarms task={task} /> },
          { id: 'audit', label: 'Audit', content: <Audit task={task} /> },
          { id: 'contents', label: 'Input and output', content: <Contents task={task} /> },
          { id: 'commands', label: 'Commands', content: <Commands task={task} /> },
        ]}
      />
    </SpaceBetween>
  );
}
