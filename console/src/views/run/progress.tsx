import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { RunView } from '../../api/runs.ts';
import { Age } from '../../parts/age.tsx';
import { dollars, number } from '../../parts/format.ts';
import { Status } from '../../parts/status.tsx';
import { Stages } from './stages.tsx';

/** How far a run has come, and what it has cost. */
export function Progress({ run }: { readonly run: RunView }) {
  const { succeeded, failed, cancelled, escalated } = run.tasks;
  const { withoutTask = 0 } = run;
  const ended = succeeded + failed + cancelled + escalated + withoutTask;
  const known = withoutTask === 0 ? '' : `, ${number(withoutTask)} of them without a task of their own`;
  const most = run.budgetUsd === undefined ? '' : ` of ${dollars(run.budgetUsd)}`;
  return (
    <Container>
      <SpaceBetween size="m">
        <ProgressBar
          label="Ended tasks"
          value={run.size === 0 ? 0 : Math.min(100, (ended / run.size) * 100)}
          additionalInfo={`${number(ended)} of ${number(run.size)}${known}`}
        />
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Status', value: <Status of={run.cancelled === true ? 'cancelled' : run.status} /> },
            { label: 'Accepted', value: <Age at={run.createdAt} /> },
            { label: 'Cost', value: `${dollars(run.spent.usd)}${most}` },
            { label: 'Rejected tasks', value: number(run.refused) },
          ]}
        />
        {run.agents && run.agents.length > 1 && <Stages agents={run.agents} />}
      </SpaceBetween>
    </Container>
  );
}
