import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { PoolView } from '#core/api/pools/messages.ts';
import { useAgents } from '../../api/agents.ts';
import { useFleet } from '../../api/pools.ts';
import { dollars, number } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { pathWith } from '../../url/search.ts';
import { To } from '../../url/to.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Hold } from '../incident/hold.tsx';
import { HoldActions } from '../incident/hold-actions.tsx';
import { atLeast, Waiting } from './waiting.tsx';

/** One pool: its state, its agent and its dead letters. */
export function Pool({ agent }: { readonly agent: string }) {
  const fleet = useFleet();
  const pool = fleet.data?.pools.find((each) => each.agent === agent);
  return (
    <Page
      title={`Pool ${agent}`}
      source={fleet}
      actions={pool && <HoldActions what={{ kind: 'pool', agent }} status={pool.status} />}
    >
      {fleet.data && !pool && <p>There is no pool of this name, or your key may not use its agent.</p>}
      {pool && <State pool={pool} />}
      {pool && <DeadLetters agent={agent} />}
    </Page>
  );
}

function State({ pool }: { readonly pool: PoolView }) {
  const card = useAgents().data?.find(({ name }) => name === pool.agent);
  const tasks = (status: string): string => pathWith('/tasks', { agent: pool.agent, status });
  return (
    <Container header={<Header>State</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Status', value: <Hold hold={pool} /> },
          { label: 'Running', value: <To path={tasks('running')}>{atLeast(pool, pool.tasks?.running)}</To> },
          { label: 'Queued', value: <To path={tasks('queued')}>{atLeast(pool, pool.tasks?.queued)}</To> },
          { label: 'Waiting for', value: <Waiting pool={pool} /> },
          { label: 'Failed', value: <To path={tasks('failed')}>failed tasks</To> },
          { label: 'Messages nobody could read', value: number(pool.waiting.deadLetters) },
          { label: 'Model', value: card?.tier ?? '–' },
          {
            label: 'Budget of a task',
            value: card ? `${dollars(card.budget.usd)}, ${number(card.budget.tokens)} tokens` : '–',
          },
        ]}
      />
    </Container>
  );
}
