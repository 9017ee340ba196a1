import SpaceBetween from '@cloudscape-design/components/space-between';
import { hasEnded, type TaskView } from '../../api/tasks.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';

/** The commands that show or do the same in a terminal. */
export function Commands({ task }: { readonly task: TaskView }) {
  const { id, status } = task;
  const commands = [
    fleetCommand.task(id),
    fleetCommand.why(id),
    fleetCommand.trace(id),
    fleetCommand.logs(id),
    fleetCommand.taskAlarms(id),
    fleetCommand.audit(id),
    ...(hasEnded(task) ? [] : [fleetCommand.watch(id), fleetCommand.cancel([id])]),
    ...(status === 'failed' || status === 'cancelled' ? [fleetCommand.retry([id])] : []),
  ];
  return (
    <SpaceBetween size="xs">
      {commands.map((command) => (
        <CommandLine key={command} command={command} />
      ))}
    </SpaceBetween>
  );
}
