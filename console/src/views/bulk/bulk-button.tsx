import Spinner from '@cloudscape-design/components/spinner';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { newKey } from '#client/new-key.ts';
import { dryRun, startBulk, type BulkAnswer, type BulkFilter, type BulkKind } from '../../api/bulk.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { count, dollars } from '../../parts/format.ts';

interface BulkButtonProps {
  readonly label: string;
  readonly action: BulkKind;
  readonly filter: BulkFilter;
  readonly isDisabled?: boolean;
}

/** A button for many tasks: its dialog says how many match and what it costs before anything happens. */
export function BulkButton({ label, action: kind, filter, isDisabled }: BulkButtonProps) {
  const [, navigate] = useLocation();
  const [key, setKey] = useState(newKey);
  const [isOpen, setOpen] = useState(false);
  const found = useQuery({
    queryKey: ['dry-run', kind, filter, key],
    queryFn: () => dryRun(kind, filter),
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const action = useAction(
    () => startBulk(kind, filter, key),
    (answer) => ({
      text: `${VERBS[kind]} ${count(answer.count, 'task')}.`,
      command: fleetCommand.bulkWatch(answer.id ?? ''),
    }),
  );
  const run = async (): Promise<void> => {
    const { id } = await action.mutateAsync(undefined);
    if (id !== undefined) navigate(`/bulk/${encodeURIComponent(id)}`);
  };
  const open = (): void => {
    setKey(newKey());
    setOpen(true);
  };
  return (
    <ActionButton
      label={label}
      isDisabled={isDisabled}
      command={fleetCommand.bulk(kind, filter)}
      run={run}
      onOpen={open}
      isReady={(found.data?.count ?? 0) > 0}
    >
      {found.isPending && <Spinner />}
      {found.error && <FailureBox error={found.error} />}
      {found.data && <Found answer={found.data} />}
    </ActionButton>
  );
}

const VERBS: Readonly<Record<BulkKind, string>> = { cancel: 'Cancelling', retry: 'Retrying', redrive: 'Redriving' };

/** What a dry run found. */
function Found({
  answer: { action, count: tasks, spentUsd, usd, maxUsd, agents, complete },
}: {
  readonly answer: BulkAnswer;
}) {
  if (tasks === 0) return <p>No task matches now.</p>;
  const byAgent = Object.entries(agents).map(([agent, number]) => `${agent}: ${number}`);
  return (
    <div>
      <p>
        {count(tasks, 'task')} {tasks === 1 ? 'matches' : 'match'}
        {complete ? '' : ', and there are more: narrow the filter'} ({byAgent.join(', ')}). They have cost{' '}
        {dollars(spentUsd)}.
      </p>
      {action === 'cancel' ? (
        <p>They end within seconds. Cancelled tasks can be retried.</p>
      ) : (
        <p>
          Each becomes a new task with the same input; retrying one again returns the same new task. Expected cost:{' '}
          {dollars(usd)}, at most {dollars(maxUsd)}.
        </p>
      )}
    </div>
  );
}
