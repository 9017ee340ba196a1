import { cancelTask, hasEnded, retryTask, type ListedTask } from '../../api/tasks.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { count, dollars } from '../../parts/format.ts';
import { oneByOne, outcomeWords } from './one-by-one.ts';

interface SelectedProps {
  readonly tasks: readonly ListedTask[];
}

/** Cancels the selected tasks that have not ended. */
export function CancelSelected({ tasks }: SelectedProps) {
  const ids = tasks.filter((task) => !hasEnded(task)).map(({ id }) => id);
  const action = useAction(
    () => oneByOne(ids, cancelTask),
    (outcomes) => ({ type: typeOf(outcomes), text: outcomeWords(outcomes, 'cancelled') }),
  );
  return (
    <ActionButton
      label="Cancel"
      isDisabled={ids.length === 0}
      command={fleetCommand.cancel(ids)}
      run={() => action.mutateAsync(undefined)}
    >
      Cancels {count(ids.length, 'task')} within seconds. It cannot be undone, but cancelled tasks can be retried. They
      have cost {dollars(sum(tasks, ids))} so far.
    </ActionButton>
  );
}

/** Retries the selected tasks that failed or were cancelled. */
export function RetrySelected({ tasks }: SelectedProps) {
  const ids = tasks.filter(({ status }) => status === 'failed' || status === 'cancelled').map(({ id }) => id);
  const action = useAction(
    () => oneByOne(ids, retryTask),
    (outcomes) => ({ type: typeOf(outcomes), text: outcomeWords(outcomes, 'retried') }),
  );
  return (
    <ActionButton
      label="Retry"
      isDisabled={ids.length === 0}
      command={fleetCommand.retry(ids)}
      run={() => action.mutateAsync(undefined)}
    >
      Creates {count(ids.length, 'new task')} with the same inputs and budgets. The old ones cost{' '}
      {dollars(sum(tasks, ids))}. Retrying one again returns the same new task.
    </ActionButton>
  );
}

const typeOf = ({ failed }: { readonly failed: readonly unknown[] }) => (failed.length === 0 ? 'success' : 'warning');

const sum = (tasks: readonly ListedTask[], ids: readonly string[]): number =>
  tasks.filter(({ id }) => ids.includes(id)).reduce((usd, { spent }) => usd + spent.usd, 0);
