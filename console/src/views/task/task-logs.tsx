import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTaskLogs } from '../../api/logs.ts';
import type { TaskView } from '../../api/tasks.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { LogTable } from '../logs/log-table.tsx';

/** What the functions logged about a task. */
export function TaskLogs({ task }: { readonly task: TaskView }) {
  const logs = useTaskLogs(task.id);
  return (
    <SpaceBetween size="s">
      {logs.error && <FailureBox error={logs.error} />}
      <LogTable lines={logs.data?.lines} isOfTask />
    </SpaceBetween>
  );
}
