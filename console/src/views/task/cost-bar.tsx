import ProgressBar from '@cloudscape-design/components/progress-bar';
import type { TaskView } from '../../api/tasks.ts';
import { dollars } from '../../parts/format.ts';

/** What a task has cost, as a share of its budget, with what its delegated tasks cost. */
export function CostBar({ task: { spent, budget } }: { readonly task: TaskView }) {
  const usd = spent.usd + (spent.delegated?.usd ?? 0);
  const below = spent.delegated ? `, ${dollars(spent.delegated.usd)} of it delegated` : '';
  return (
    <ProgressBar
      value={Math.min(100, (usd / budget.usd) * 100)}
      ariaLabel="Cost as a share of the budget"
      description={`${dollars(usd)} of ${dollars(budget.usd)}${below}`}
    />
  );
}
