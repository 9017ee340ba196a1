import type { TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { LogLine } from '../../api/logs.ts';
import { moment } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { TaskLink } from '../../url/to.tsx';
import { detailsOf } from './details.ts';

const COLUMNS: readonly TableProps.ColumnDefinition<LogLine>[] = [
  { id: 'at', header: 'At', minWidth: 150, cell: ({ at }) => moment(at) },
  { id: 'level', header: 'Level', cell: ({ level }) => level },
  { id: 'message', header: 'Event', isRowHeader: true, cell: ({ message }) => message },
  { id: 'function', header: 'Function', cell: (line) => line.function },
  { id: 'task', header: 'Task', cell: ({ taskId }) => (taskId === undefined ? '–' : <TaskLink id={taskId} />) },
  { id: 'details', header: 'Details', cell: (line) => <code className="details">{detailsOf(line)}</code> },
];

interface LogTableProps {
  readonly lines: readonly LogLine[] | undefined;
  /** Whether all lines are about one task. @default false */
  readonly isOfTask?: boolean;
  readonly filter?: ReactNode;
  readonly pagination?: ReactNode;
  readonly description?: ReactNode;
}

/** Log lines, oldest first. */
export function LogTable({ lines, isOfTask = false, ...parts }: LogTableProps) {
  return (
    <ItemTable
      title="Log lines"
      items={lines}
      columns={isOfTask ? COLUMNS.filter(({ id }) => id !== 'task') : COLUMNS}
      idOf={({ id }) => id}
      empty="No lines."
      {...parts}
    />
  );
}
