import { number } from '../../parts/format.ts';
import { useStore } from '../../parts/store.ts';
import { theme } from '../../parts/theme.ts';
import { pathWith } from '../../url/search.ts';
import { To } from '../../url/to.tsx';
import type { Cell } from './cells.ts';
import { colourOf } from './colours.ts';

const STATUSES = ['queued', 'parked', 'running', 'succeeded', 'failed', 'cancelled', 'escalated'] as const;

/** The colours of a grid with the count of each; each leads to its tasks. */
export function Legend({ cells, run }: { readonly cells: readonly Cell[]; readonly run: string }) {
  const mode = useStore(theme);
  return (
    <ul className="legend" aria-label="Tasks by status">
      {STATUSES.map((status) => (
        <li key={status}>
          <svg viewBox="0 0 1 1" aria-hidden="true">
            <rect width="1" height="1" fill={colourOf(status, mode)} />
          </svg>
          <To path={pathWith('/tasks', { runId: run, status })}>
            {status}: {number(cells.filter((cell) => cell.status === status).length)}
          </To>
        </li>
      ))}
    </ul>
  );
}
