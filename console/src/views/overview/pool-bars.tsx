import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { PoolView } from '#core/api/pools/messages.ts';
import { waitingTasks } from '../../api/pools.ts';
import { number } from '../../parts/format.ts';
import { poolPath, To } from '../../url/to.tsx';

const MOST = 10;

/** The pools with the most open tasks: running beside waiting. */
export function PoolBars({ pools }: { readonly pools: readonly PoolView[] | undefined }) {
  const busiest = (pools ?? [])
    .map((pool) => ({ agent: pool.agent, running: pool.tasks?.running ?? 0, waiting: waitingTasks(pool) }))
    .toSorted((a, b) => b.running + b.waiting - (a.running + a.waiting))
    .slice(0, MOST);
  const most = Math.max(1, ...busiest.map(({ running, waiting }) => running + waiting));
  return (
    <Container header={<Header actions={<To path="/pools">All pools</To>}>Busiest pools</Header>} fitHeight>
      <ul className="pool-bars">
        {busiest.map(({ agent, running, waiting }) => (
          <li key={agent}>
            <To path={poolPath(agent)}>{agent}</To>
            <svg viewBox={`0 0 ${most} 1`} preserveAspectRatio="none" aria-hidden="true">
              <rect className="running" width={running} height={1} />
              <rect className="waiting" x={running} width={waiting} height={1} />
            </svg>
            <span>
              {number(running)} running, {number(waiting)} waiting
            </span>
          </li>
        ))}
      </ul>
    </Container>
  );
}
