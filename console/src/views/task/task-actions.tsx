import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocation } from 'wouter';
import { cancelTask, hasEnded, retryTask, type TaskView } from '../../api/tasks.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { dollars } from '../../parts/format.ts';
import { taskPath } from '../../url/to.tsx';

/** What can be done with a task now. */
export function TaskActions({ task }: { readonly task: TaskView }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {!hasEnded(task) && <Cancel task={task} />}
      {(task.status === 'failed' || task.status === 'cancelled') && <Retry task={task} />}
    </SpaceBetween>
  );
}

function Cancel({ task: { id, spent } }: { readonly task: TaskView }) {
  const action = useAction(cancelTask, ({ status }) => ({
    text: status === 'cancelled' ? `${id} is cancelled.` : `${id} ends within seconds.`,
  }));
  return (
    <ActionButton label="Cancel" command={fleetCommand.cancel([id])} run={() => action.mutateAsync(id)}>
      The task ends within seconds; a tool call that runs finishes first. It has cost {dollars(spent.usd)}. A cancelled
      task can be retried.
    </ActionButton>
  );
}

function Retry({ task: { id, spent } }: { readonly task: TaskView }) {
  const [, navigate] = useLocation();
  const action = useAction(retryTask, (accepted) => ({ text: `Retried as ${accepted.id}.` }));
  const run = async (): Promise<void> => navigate(taskPath((await action.mutateAsync(id)).id));
  return (
    <ActionButton label="Retry" command={fleetCommand.retry([id])} run={run}>
      Creates a new task with the same input, within the same budget. This one cost {dollars(spent.usd)}. Retrying it
      again returns the same new task.
    </ActionButton>
  );
}
