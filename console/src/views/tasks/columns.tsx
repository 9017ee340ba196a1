import type { TableProps } from '@cloudscape-design/components/table';
import { hasEnded, type ListedTask } from '../../api/tasks.ts';
import { Age } from '../../parts/age.tsx';
import { dollars, duration, number } from '../../parts/format.ts';
import { Status } from '../../parts/status.tsx';
import { poolPath, RunLink, TaskLink, To } from '../../url/to.tsx';

/** The columns of tasks, wherever they are listed. */
export const TASK_COLUMNS: readonly TableProps.ColumnDefinition<ListedTask>[] = [
  { id: 'id', header: 'Task', isRowHeader: true, cell: ({ id }) => <TaskLink id={id} /> },
  { id: 'status', header: 'Status', minWidth: 190, cell: (task) => <TaskStatus task={task} /> },
  { id: 'agent', header: 'Agent', cell: ({ agent }) => <To path={poolPath(agent)}>{agent}</To> },
  { id: 'accepted', header: 'Accepted', cell: ({ createdAt }) => <Age at={createdAt} /> },
  { id: 'took', header: 'Took', cell: (task) => tookWords(task) },
  { id: 'cost', header: 'Cost', cell: ({ spent }) => dollars(spent.usd) },
  { id: 'tokens', header: 'Tokens', cell: ({ spent }) => number(spent.tokens) },
  { id: 'steps', header: 'Steps', cell: ({ steps }) => number(steps) },
  { id: 'run', header: 'Run', cell: ({ runId }) => (runId === undefined ? '–' : <RunLink id={runId} />) },
];

/** A task's status, with what it waits for. */
export function TaskStatus({ task: { status, waitsFor, failure } }: { readonly task: ListedTask }) {
  return <Status of={status} detail={waitsFor ? (waitsFor.detail ?? waitsFor.cause) : failure?.kind} />;
}

const tookWords = (task: ListedTask): string =>
  hasEnded(task) && task.finishedAt !== undefined
    ? duration(Date.parse(task.finishedAt) - Date.parse(task.createdAt))
    : '–';
