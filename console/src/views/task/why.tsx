import Alert, { type AlertProps } from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { WhyView } from '#core/api/why/messages.ts';
import type { TaskView } from '../../api/tasks.ts';
import { useWhy } from '../../api/why.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { number } from '../../parts/format.ts';

/** Why a task waits, where it is, or why it ended as it did, and what a person can do. */
export function Why({ task }: { readonly task: TaskView }) {
  const why = useWhy(task);
  if (!why.data) return null;
  return (
    <Alert type={typeOf(task)} header={why.data.says}>
      <SpaceBetween size="xs">
        <Times why={why.data} />
        {task.lastError && !task.failure && <div>Last error: {task.lastError.reason}</div>}
        {why.data.commands.map((command) => (
          <CommandLine key={command} command={command} />
        ))}
      </SpaceBetween>
    </Alert>
  );
}

function Times({ why: { since, until, ahead, aheadAtLeast } }: { readonly why: WhyView }) {
  return (
    <SpaceBetween direction="horizontal" size="m">
      {since !== undefined && (
        <span>
          since <Age at={since} />
        </span>
      )}
      {until !== undefined && (
        <span>
          goes on <Age at={until} />
        </span>
      )}
      {ahead !== undefined && (
        <span>
          {number(ahead)}
          {aheadAtLeast === true ? '+' : ''} before it
        </span>
      )}
    </SpaceBetween>
  );
}

function typeOf({ status }: TaskView): AlertProps.Type {
  if (status === 'failed') return 'error';
  if (status === 'escalated' || status === 'cancelled') return 'warning';
  return status === 'succeeded' ? 'success' : 'info';
}
