import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useTaskAlarms, type TaskAlarms as Alarms } from '../../api/alarms.ts';
import type { TaskView } from '../../api/tasks.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { ItemTable } from '../../parts/item-table.tsx';
import { alarmPath, To } from '../../url/to.tsx';

type Rang = Alarms['alarms'][number];

const COLUMNS: readonly TableProps.ColumnDefinition<Rang>[] = [
  { id: 'name', header: 'Alarm', isRowHeader: true, cell: ({ name }) => <To path={alarmPath(name)}>{name}</To> },
  { id: 'rang', header: 'Rang', minWidth: 160, cell: ({ rang }) => <Times rang={rang} /> },
  { id: 'severity', header: 'Severity', cell: ({ severity }) => severity ?? '–' },
  { id: 'says', header: 'What it means', cell: ({ says }) => says },
  { id: 'runbook', header: 'What to do', cell: ({ runbook }) => runbook ?? '–' },
];

/** The alarms that rang while a task ran, and concern it. The page of an alarm has its section of the runbook. */
export function TaskAlarms({ task: { id } }: { readonly task: TaskView }) {
  const alarms = useTaskAlarms(id);
  return (
    <SpaceBetween size="s">
      <CommandLine command={fleetCommand.taskAlarms(id)} />
      {alarms.error && <FailureBox error={alarms.error} />}
      {!alarms.error && (
        <ItemTable
          title="Alarms that rang between its acceptance and its end"
          description="Those of its agent, of the agent’s system and of the whole fleet. Other tasks may have caused them too."
          items={alarms.data?.alarms}
          columns={COLUMNS}
          idOf={({ name }) => name}
          empty="No alarm that concerns the task rang."
        />
      )}
    </SpaceBetween>
  );
}

function Times({ rang }: Pick<Rang, 'rang'>) {
  return rang.map(({ from, until }) => (
    <Box key={from}>
      <Age at={from} />
      {' – '}
      {until === undefined ? 'now' : <Age at={until} />}
    </Box>
  ));
}
