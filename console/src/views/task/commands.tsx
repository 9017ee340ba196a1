import SpaceBetween from '@cloudscape-design/components/space-between';
import { hasEnded, type TaskView } from '../../api/tasks.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';

/** The commands that show or do the same in a terminal. */
export function Commands({ task }: { readonly task: TaskView }) {
  const commands = [
    fleetCommand.task(task.id),
    fleetCommand.trace(task.id),
    fleetCommand.audit(task.id),
    ...(hasEnded(task) ? [] : [fleetCommand.watch(task.id), fleetCommand.cancel([task.id])]),
    ...(task.status === 'failed' || task.status === 'cancelled' ? [fleetCommand.retry([task.id])] : []),
  ];
  return (
    <SpaceBetween size="xs">
      {commands.map((command) => (
        <CommandLine key={command} command={command} />
      ))}
    </SpaceBetween>
  );
}
