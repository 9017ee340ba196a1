import DateRangePicker from '@cloudscape-design/components/date-range-picker';
import type { TableProps } from '@cloudscape-design/components/table';
import { useUsage, type UsageAnswer } from '../../api/usage.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { dollars, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { useNow } from '../../parts/now.ts';
import { Page } from '../../parts/page.tsx';
import { poolPath, To } from '../../url/to.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { dayOf } from '../overview/projection.ts';
import { Budgets } from './budgets.tsx';
import { SEARCH } from './search.ts';
import { UsageChart } from './usage-chart.tsx';

type Row = UsageAnswer['rows'][number];
const DAY_MS = 86_400_000;

const COLUMNS: readonly TableProps.ColumnDefinition<Row>[] = [
  { id: 'day', header: 'Day (UTC)', cell: ({ day }) => day },
  { id: 'agent', header: 'Agent', isRowHeader: true, cell: ({ agent }) => <To path={poolPath(agent)}>{agent}</To> },
  { id: 'usd', header: 'Cost', cell: ({ usd }) => dollars(usd) },
  { id: 'saved', header: 'Saved by the cache', cell: ({ savedUsd }) => dollars(savedUsd) },
  { id: 'lost', header: 'Interrupted calls', cell: ({ lostUsd }) => dollars(lostUsd) },
  { id: 'calls', header: 'Calls', cell: ({ calls }) => number(calls) },
  { id: 'in', header: 'Tokens in', cell: ({ usage }) => number(usage.input + usage.cacheWrite) },
  { id: 'cached', header: 'Cached', cell: ({ usage }) => number(usage.cacheRead) },
  { id: 'out', header: 'Out', cell: ({ usage }) => number(usage.output) },
  { id: 'succeeded', header: 'Succeeded', cell: ({ ended }) => number(ended.succeeded ?? 0) },
  { id: 'failed', header: 'Failed', cell: ({ ended }) => number(ended.failed ?? 0) },
];

/** What was used and what it cost, by agent and day, and the budgets of the agents. */
export function Usage() {
  const { values, change } = useSearchState(SEARCH);
  const now = useNow();
  const [from, to] = [values.from ?? dayOf(now - 6 * DAY_MS), values.to ?? dayOf(now)];
  const usage = useUsage(from, to, values.agent);
  return (
    <Page title="Usage and budgets" source={usage} description={<CommandLine command={fleetCommand.usage(from, to)} />}>
      <ItemTable
        title="Usage"
        description={
          usage.data && `${dollars(usage.data.sum.usd)} in all, ${dollars(usage.data.sum.savedUsd)} saved by the cache`
        }
        items={usage.data?.rows}
        columns={COLUMNS}
        idOf={({ day, agent }) => `${day} ${agent}`}
        empty="No usage in these days."
        filter={<Days from={from} to={to} change={(days) => change(days)} />}
      />
      {usage.data && <UsageChart rows={usage.data.rows} />}
      <Budgets />
    </Page>
  );
}

interface DaysProps {
  readonly from: string;
  readonly to: string;
  readonly change: (days: { readonly from?: string | undefined; readonly to?: string | undefined }) => void;
}

function Days({ from, to, change }: DaysProps) {
  return (
    <DateRangePicker
      dateOnly
      rangeSelectorMode="absolute-only"
      placeholder="Choose days"
      value={{ type: 'absolute', startDate: from, endDate: to }}
      onChange={({ detail: { value } }) =>
        change(value?.type === 'absolute' ? { from: value.startDate.slice(0, 10), to: value.endDate.slice(0, 10) } : {})
      }
      isValidRange={() => ({ valid: true })}
      relativeOptions={[]}
    />
  );
}
