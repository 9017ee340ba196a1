import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { AlarmView } from '../../api/alarms.ts';
import { pathWith } from '../../url/search.ts';
import { poolPath, To } from '../../url/to.tsx';

/** Milliseconds before an alarm's change in which its cause began. */
const BEFORE_MS = 15 * 60_000;

/** The tasks and log lines from the time of an alarm. */
export function Behind({ alarm: { agent, since } }: { readonly alarm: AlarmView }) {
  const from = new Date(Date.parse(since) - BEFORE_MS).toISOString();
  return (
    <Container header={<Header>Behind it</Header>}>
      <SpaceBetween size="xs">
        <To path={pathWith('/tasks', { agent, status: 'failed', from })}>Tasks that failed since</To>
        <To path={pathWith('/tasks', { agent, status: 'parked' })}>Tasks that wait</To>
        <To path={pathWith('/logs', { agent, errors: 'true', since: from })}>Warnings and errors in the logs</To>
        {agent !== undefined && <To path={poolPath(agent)}>The pool, with its dead letters</To>}
      </SpaceBetween>
    </Container>
  );
}
