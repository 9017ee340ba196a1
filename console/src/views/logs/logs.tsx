import Alert from '@cloudscape-design/components/alert';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { z } from 'zod';
import { logsQuerySchema } from '#core/api/logs/messages.ts';
import { useAgents } from '../../api/agents.ts';
import { useLogs } from '../../api/logs.ts';
import { NextPage } from '../../parts/next-page.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { LogTable } from './log-table.tsx';

const { agent, since } = logsQuerySchema.shape;
const SEARCH = { agent: agent.unwrap(), errors: z.literal('true'), since: since.unwrap(), cursor: z.string().max(512) };

/** What the functions logged in the last hour, or since the time of the URL. */
export function Logs() {
  const { values, ignored, change } = useSearchState(SEARCH);
  const logs = useLogs(values);
  const agents = useAgents().data ?? [];
  const filter = (
    <SpaceBetween direction="horizontal" size="m">
      <Select
        selectedOption={{ value: values.agent ?? '', label: values.agent ?? 'All agents' }}
        onChange={({ detail }) => change({ agent: detail.selectedOption.value, cursor: undefined })}
        options={[{ value: '', label: 'All agents' }, ...agents.map(({ name }) => ({ value: name, label: name }))]}
        ariaLabel="Agent"
      />
      <Toggle
        checked={values.errors === 'true'}
        onChange={({ detail }) => change({ errors: detail.checked ? 'true' : undefined, cursor: undefined })}
      >
        Warnings and errors only
      </Toggle>
    </SpaceBetween>
  );
  return (
    <Page title="Logs" source={logs}>
      {ignored.length > 0 && <Alert type="warning">Not a valid filter, so it is ignored: {ignored.join(', ')}</Alert>}
      <LogTable
        lines={logs.data?.lines}
        filter={filter}
        pagination={
          <NextPage
            first="Oldest"
            further="Newer"
            cursor={values.cursor}
            next={logs.data?.nextCursor}
            go={(cursor) => change({ cursor })}
          />
        }
      />
    </Page>
  );
}
