import { useAgents } from '../../api/agents.ts';
import { dollars, number } from '../../parts/format.ts';
import { ItemTable } from '../../parts/item-table.tsx';
import { poolPath, To } from '../../url/to.tsx';

/** What a task of each agent may cost at most. */
export function Budgets() {
  const agents = useAgents();
  return (
    <ItemTable
      title="Budgets of a task"
      description="Reserved before each model call, so a task never costs more."
      items={agents.data}
      idOf={({ name }) => name}
      empty="No agents."
      columns={[
        { id: 'agent', header: 'Agent', isRowHeader: true, cell: ({ name }) => <To path={poolPath(name)}>{name}</To> },
        { id: 'tier', header: 'Model', cell: ({ tier }) => tier },
        { id: 'usd', header: 'US dollars', cell: ({ budget }) => dollars(budget.usd) },
        { id: 'tokens', header: 'Tokens', cell: ({ budget }) => number(budget.tokens) },
        { id: 'what', header: 'What it does', cell: ({ description }) => description },
      ]}
    />
  );
}
