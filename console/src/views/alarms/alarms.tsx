import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { z } from 'zod';
import { isRinging, useAlarms, type AlarmView } from '../../api/alarms.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { alarmPath, poolPath, To } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';

const SEARCH = { show: z.enum(['ringing', 'all']), text: z.string().max(200) };

const COLUMNS: readonly TableProps.ColumnDefinition<AlarmView>[] = [
  { id: 'name', header: 'Alarm', isRowHeader: true, cell: ({ name }) => <To path={alarmPath(name)}>{name}</To> },
  { id: 'state', header: 'State', minWidth: 120, cell: ({ state }) => <Status of={state} /> },
  { id: 'since', header: 'Since', cell: ({ since }) => <Age at={since} /> },
  { id: 'severity', header: 'Severity', cell: ({ severity }) => severity ?? '–' },
  { id: 'owner', header: 'Owner', cell: ({ owner }) => owner ?? '–' },
  {
    id: 'agent',
    header: 'Pool',
    cell: ({ agent }) => (agent === undefined ? '–' : <To path={poolPath(agent)}>{agent}</To>),
  },
  { id: 'says', header: 'What it means', cell: ({ says }) => says },
];

/** Whether it has each of the words. */
function mentions({ name, agent, owner, says }: AlarmView, text: string): boolean {
  const about = [name, agent, owner, says].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => about.includes(word));
}

/** The alarms of the fleet, those that ring first. */
export function Alarms() {
  const { values, change } = useSearchState(SEARCH);
  const alarms = useAlarms();
  const show = values.show ?? 'all';
  const ringing = alarms.data?.filter(isRinging);
  const text = values.text ?? '';
  const none = show === 'ringing' ? 'No alarm rings.' : 'No alarms.';
  const shown = (show === 'ringing' ? ringing : alarms.data)?.filter((alarm) => mentions(alarm, text));
  return (
    <Page title="Alarms" source={alarms} description={<CommandLine command={fleetCommand.alarms()} />}>
      <ItemTable
        title="Alarms"
        counter={ringing && `(${ringing.length} ringing)`}
        items={shown}
        columns={COLUMNS}
        idOf={({ name }) => name}
        empty={text === '' ? none : `No alarm mentions “${text}”.`}
        filter={
          <SpaceBetween size="s" direction="horizontal">
            <TextFilter
              filteringText={text}
              filteringPlaceholder="Find alarms"
              filteringAriaLabel="Find alarms by name, pool, owner or meaning"
              onChange={({ detail }) => change({ text: detail.filteringText || undefined }, { replace: true })}
            />
            <SegmentedControl
              label="Which alarms"
              selectedId={show}
              onChange={({ detail }) => change({ show: detail.selectedId })}
              options={[
                { id: 'all', text: 'All' },
                { id: 'ringing', text: 'Ringing' },
              ]}
            />
          </SpaceBetween>
        }
      />
    </Page>
  );
}
