import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import { z } from 'zod';
import {
  deadLetterPageSchema,
  redriveAnswerSchema,
  type DeadLetter,
  type RedriveAnswer,
} from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { call } from '../../api/call.ts';
import { useAction } from '../../api/use-action.ts';
import { useLive } from '../../api/use-live.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { count, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { NextPage } from '../../parts/next-page.tsx';
import { TaskLink } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';

const SEARCH = { cursor: z.string().max(512) };

const COLUMNS: readonly TableProps.ColumnDefinition<DeadLetter>[] = [
  { id: 'id', header: 'Task', isRowHeader: true, cell: ({ id }) => <TaskLink id={id} /> },
  { id: 'ended', header: 'Given up', cell: ({ finishedAt, createdAt }) => <Age at={finishedAt ?? createdAt} /> },
  { id: 'attempts', header: 'Attempts', cell: ({ attempts }) => number(attempts) },
  { id: 'crashes', header: 'Crashes', cell: ({ crashes }) => number(crashes) },
  { id: 'why', header: 'Why', cell: ({ lastError, failure }) => lastError?.reason ?? failure?.reason ?? '–' },
  {
    id: 'redriven',
    header: 'Redriven as',
    cell: ({ redrivenAs }) => (redrivenAs === undefined ? '–' : <TaskLink id={redrivenAs} />),
  },
];

/** Tasks of a pool whose workers kept crashing. */
export function DeadLetters({ agent }: { readonly agent: string }) {
  const { values, change } = useSearchState(SEARCH);
  const [selected, select] = useState<readonly DeadLetter[]>([]);
  const page = useLive(['dead-letters', agent, values.cursor], (signal) =>
    call(poolOperations.listDeadLetters, deadLetterPageSchema, {
      params: { agent },
      query: { cursor: values.cursor },
      signal,
    }),
  );
  return (
    <SpaceBetween size="s">
      {page.error && <FailureBox error={page.error} />}
      <ItemTable
        title="Dead letters"
        description={<CommandLine command={fleetCommand.deadLetters(agent)} />}
        items={page.data?.deadLetters}
        columns={COLUMNS}
        idOf={({ id }) => id}
        selection={{ items: selected, change: select }}
        empty={page.data?.next === undefined ? 'No dead letters.' : 'None found so far. Search older ones.'}
        actions={<Redrive agent={agent} ids={selected.map(({ id }) => id)} />}
        pagination={<NextPage cursor={values.cursor} next={page.data?.next} go={(cursor) => change({ cursor })} />}
      />
    </SpaceBetween>
  );
}

function Redrive({ agent, ids }: { readonly agent: string; readonly ids: readonly string[] }) {
  const action = useAction(
    () => redrive(agent, ids),
    (redriven) => ({ text: `${count(redriven.length, 'dead letter')} redriven.` }),
  );
  return (
    <ActionButton
      label={ids.length === 0 ? 'Redrive all' : `Redrive ${ids.length}`}
      command={fleetCommand.redrive(agent, ids)}
      run={() => action.mutateAsync(undefined)}
    >
      Creates a new task from{' '}
      {ids.length === 0 ? 'each dead letter that was not redriven' : count(ids.length, 'dead letter')}. The failed tasks
      do not change, and redriving one again returns the same new task.
    </ActionButton>
  );
}

/** Redrives page by page: one request searches for some seconds. */
async function redrive(agent: string, ids: readonly string[]): Promise<RedriveAnswer['redriven']> {
  const redriven: RedriveAnswer['redriven'] = [];
  let cursor: string | undefined;
  do {
    const body = { ...(ids.length > 0 && { tasks: ids }), ...(cursor !== undefined && { cursor }) };
    const page = await call(poolOperations.redrive, redriveAnswerSchema, { params: { agent }, body });
    redriven.push(...page.redriven);
    cursor = page.next;
  } while (cursor !== undefined);
  return redriven;
}
