import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useAudit, type AuditView } from '../../api/audit.ts';
import type { TaskView } from '../../api/tasks.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { ItemTable } from '../../parts/item-table.tsx';

type Entry = AuditView['entries'][number];

const COLUMNS: readonly TableProps.ColumnDefinition<Entry>[] = [
  { id: 'step', header: 'Step (from 0)', isRowHeader: true, cell: ({ step }) => step },
  { id: 'what', header: 'What', cell: ({ phase, outcome }) => (phase === 'before' ? 'calls' : (outcome ?? 'ended')) },
  { id: 'tool', header: 'Tool', cell: ({ tool }) => tool },
  { id: 'at', header: 'When', minWidth: 120, cell: ({ at }) => <Age at={at} /> },
  { id: 'epoch', header: 'Claim', cell: ({ epoch }) => epoch },
  { id: 'model', header: 'Asked for by', cell: ({ model }) => model ?? '–' },
  { id: 'counted', header: 'Counts', cell: ({ counted }) => (counted ? 'yes' : 'no') },
  {
    id: 'digest',
    header: 'SHA-256 of input or result',
    cell: ({ contentDigest }) => <span title={contentDigest}>{contentDigest.slice(0, 16)}…</span>,
  },
];

/** The tool calls of a task as the audit trail has them, and whether the trail is whole. */
export function Audit({ task: { id } }: { readonly task: TaskView }) {
  const audit = useAudit(id);
  return (
    <SpaceBetween size="s">
      <CommandLine command={fleetCommand.audit(id)} />
      {audit.error && <FailureBox error={audit.error} />}
      {audit.data && <Verdict audit={audit.data} />}
      {!audit.error && (
        <ItemTable
          title="Audit entries"
          items={audit.data?.entries}
          columns={COLUMNS}
          idOf={({ step, epoch, phase }) => `step ${step}, claim ${epoch}, ${phase}`}
          empty="The task has called no tool."
        />
      )}
    </SpaceBetween>
  );
}

function Verdict({ audit: { whole, findings, entries, announced } }: { readonly audit: AuditView }) {
  if (entries.length === 0 && whole && announced === undefined) return null;
  return (
    <Alert type={whole ? 'success' : 'error'} header={whole ? 'The trail is intact' : 'The trail is damaged'}>
      {whole
        ? 'Each entry names the one before it, and the last is the one that the task counted.'
        : 'docs/audit.md explains each finding and what to keep as evidence. Delete nothing.'}
      {findings.map(({ fault, entry }) => (
        <div key={`${fault} ${entry?.step} ${entry?.epoch} ${entry?.phase}`}>
          {fault}
          {entry && `: step ${entry.step}, claim ${entry.epoch}, ${entry.phase}`}
        </div>
      ))}
      {announced && (
        <div>{`Announced but never started: step ${announced.step}, claim ${announced.epoch}, ${announced.tool}`}</div>
      )}
    </Alert>
  );
}
