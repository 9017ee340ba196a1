import type { Command } from 'commander';
import { z } from 'zod';
import { agentCardSchema } from '#core/agents/agent-card.ts';
import { fleetOperations } from '#core/api/fleet/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { dollars } from './terminal/format.ts';
import { table } from './terminal/table.ts';

const agentsSchema = z.object({ agents: z.array(agentCardSchema) });

/** Adds `fleet agents`. */
export function addAgents(fleet: Command): void {
  withApi(fleet.command('agents'))
    .description('lists the agents; --json includes the schemas of their input and output')
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
