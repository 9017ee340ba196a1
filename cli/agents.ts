import type { Command } from 'commander';
import { z } from 'zod';
import { agentCardSchema } from '#core/agents/agent-card.ts';
import { fleetOperations } from '#core/api/fleet/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { dollars } from './terminal/format.ts';
import { table } from './terminal/table.ts';

const agentsSchema = z.object({ agents: z.array(agentCardSchema) });

/** Adds `fleet agents`: whom a task may be for. */
export function addAgents(fleet: Command): void {
  withApi(fleet.command('agents'))
    .description('the agents, with what they are for; --json shows what each takes and gives')
    .addHelpText('after', examples('agents', 'agents --json'))
    .action(async (options: object) => {
      const { api, output, json } = apiContext(options);
      const { agents } = await api.call(fleetOperations.listAgents, agentsSchema);
      if (json) return output.json({ agents });
      const rows = agents.map(({ name, version, budget, description }) => [
        name,
        version,
        dollars(budget.usd),
        description,
      ]);
      output.line(table(COLUMNS, rows, process.stdout.columns));
    });
}

const COLUMNS = [
  { name: 'agent' },
  { name: 'version' },
  { name: 'budget', align: 'right' },
  { name: 'does', flexible: true },
] as const;
