import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { z } from 'zod';
import { bulkQuerySchema } from '#core/api/bulk/messages.ts';
import { stopBulk, useBulkAction, type BulkDetail, type BulkView } from '../../api/bulk.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { dollars, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { NextPage } from '../../parts/next-page.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { TaskLink } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';

const SEARCH = { outcome: bulkQuerySchema.shape.outcome.unwrap(), cursor: z.string().max(512) };
type Item = BulkDetail['items'][number];

const COLUMNS: readonly TableProps.ColumnDefinition<Item>[] = [
  { id: 'task', header: 'Task', isRowHeader: true, cell: ({ task }) => <TaskLink id={task} /> },
  { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => <Status of={outcome ?? 'queued'} /> },
  {
    id: 'retried',
    header: 'Retried as',
    cell: ({ retriedAs }) => (retriedAs === undefined ? '–' : <TaskLink id={retriedAs} />),
  },
  { id: 'reason', header: 'Reason', cell: ({ reason }) => reason ?? '–' },
];

/** One action on many tasks: its progress, and the outcome of each task. */
export function BulkAction({ id }: { readonly id: string }) {
  const { values, change } = useSearchState(SEARCH);
  const action = useBulkAction(id, { outcome: values.outcome, cursor: values.cursor });
  const { data } = action;
  return (
    <Page
      title={data ? `${data.action} ${number(data.count)} tasks` : 'Bulk action'}
      source={action}
      description={<CommandLine command={fleetCommand.bulkShow(id)} />}
      actions={data?.status === 'running' && <Stop id={id} />}
    >
      {data && <Progress action={data} />}
      <ItemTable
        title="Tasks"
        items={data?.items}
        columns={COLUMNS}
        idOf={({ task }) => task}
        empty="No task has this outcome."
        filter={<Outcomes outcome={values.outcome} change={(outcome) => change({ outcome, cursor: undefined })} />}
        pagination={
          <NextPage
            first="First"
            further="Next"
            cursor={values.cursor}
            next={data?.next}
            go={(cursor) => change({ cursor })}
          />
        }
      />
    </Page>
  );
}

function Progress({
  action: { count, done, skipped, failed, status, createdAt, usd, maxUsd },
}: {
  readonly action: BulkView;
}) {
  const ended = done + skipped + failed;
  return (
    <Container>
      <SpaceBetween size="m">
        <ProgressBar
          label="Tasks with an outcome"
          value={count === 0 ? 100 : (ended / count) * 100}
          additionalInfo={`${number(ended)} of ${number(count)}`}
        />
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Status', value: <Status of={status} /> },
            { label: 'Started', value: <Age at={createdAt} /> },
            { label: 'Done, skipped, failed', value: `${number(done)}, ${number(skipped)}, ${number(failed)}` },
            { label: 'Expected cost', value: `${dollars(usd)}, at most ${dollars(maxUsd)}` },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

interface OutcomesProps {
  readonly outcome: string | undefined;
  readonly change: (outcome: string | undefined) => void;
}

function Outcomes({ outcome, change }: OutcomesProps) {
  return (
    <SegmentedControl
      label="Which outcomes"
      selectedId={outcome ?? 'all'}
      onChange={({ detail }) => change(detail.selectedId === 'all' ? undefined : detail.selectedId)}
      options={['all', 'done', 'skipped', 'failed'].map((id) => ({ id, text: id }))}
    />
  );
}

function Stop({ id }: { readonly id: string }) {
  const action = useAction(stopBulk, () => ({ text: 'The action stops within seconds.' }));
  return (
    <ActionButton label="Stop" command={fleetCommand.bulkStop(id)} run={() => action.mutateAsync(id)}>
      The tasks without an outcome stay as they are. What was done stays done.
    </ActionButton>
  );
}
