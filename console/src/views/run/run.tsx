import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { cancelRun, useRun, type RunView } from '../../api/runs.ts';
import { useAction } from '../../api/use-action.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { dollars } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { MAX_CELLS } from './cells.ts';
import { Failures } from './failures.tsx';
import { Grid } from './grid.tsx';
import { Legend } from './legend.tsx';
import { Progress } from './progress.tsx';
import { Report } from './report.tsx';
import { useCells } from './use-cells.ts';

/** One run: its progress, its tasks as a grid, and why some failed. */
export function Run({ id }: { readonly id: string }) {
  const run = useRun(id);
  return (
    <Page
      title={run.data?.name ?? `Run ${id}`}
      source={run}
      description={<CommandLine command={fleetCommand.run(id)} />}
      actions={run.data?.status === 'running' && <Cancel run={run.data} />}
    >
      {run.data && <Progress run={run.data} />}
      {run.data && <Report key={run.data.status} run={run.data} />}
      {run.data && <Tasks run={run.data} />}
    </Page>
  );
}

function Tasks({ run }: { readonly run: RunView }) {
  const { cells, isReading, error } = useCells(run.id, run.status === 'running');
  const most = cells.length >= MAX_CELLS ? ` (the newest ${MAX_CELLS.toLocaleString('en-US')})` : '';
  return (
    <SpaceBetween size="l">
      {error && <FailureBox error={error} />}
      <Container header={<Header info={isReading && <Spinner />}>{`Tasks${most}`}</Header>}>
        <Grid cells={cells} />
        <Legend cells={cells} run={run.id} />
      </Container>
      <Failures cells={cells} />
    </SpaceBetween>
  );
}

function Cancel({ run: { id, spent } }: { readonly run: RunView }) {
  const action = useAction(cancelRun, () => ({ text: 'The tasks of the run are cancelled within seconds.' }));
  return (
    <ActionButton label="Cancel the run" command={fleetCommand.cancelRun(id)} run={() => action.mutateAsync(id)}>
      Cancels every task of the run that has not ended. It has cost {dollars(spent.usd)}. Cancelled tasks can be
      retried.
    </ActionButton>
  );
}
