import type { Command } from 'commander';
import { z } from 'zod';
import { agentCardSchema } from '#core/agents/agent-card.ts';
import { fleetOperations } from '#core/api/fleet/operations.ts';
import type { Relock } from '#core/agents/lock.ts';
import { lockSystems } from './agents-lock.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { dollars } from './terminal/format.ts';
import type { CliSystem } from './system.ts';
import { terminalOutput } from './terminal/output.ts';
import { table } from './terminal/table.ts';

const agentsSchema = z.object({ agents: z.array(agentCardSchema) });

/** Adds `fleet agents` and `fleet agents lock`. */
export function addAgents(fleet: Command, systems: readonly CliSystem[]): void {
  const agents = withApi(fleet.command('agents'))
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
  agents
    .command('lock')
    .description('records the definitions of all agents in the lock files of their systems; new versions are added')
    .option('--replace <agent...>', 'agents whose changed definition replaces that of a version never deployed')
    .option('--retire <agent@version...>', 'versions to remove, when none of their tasks is left')
    .option('--json', 'one JSON object on stdout: the lock files')
    .addHelpText(
      'after',
      examples('agents lock', 'agents lock --replace assistant', 'agents lock --retire assistant@0'),
    )
    .action(async (_: object, command: Command) => lockAgents(systems, command.optsWithGlobals<LockOptions>()));
}

interface LockOptions extends Partial<Relock> {
  readonly json?: boolean;
}

async function lockAgents(
  systems: readonly CliSystem[],
  { replace = [], retire = [], json = false }: LockOptions,
): Promise<void> {
  const loaded = await Promise.all(systems.map(async ({ name, agents }) => ({ name, agents: await agents() })));
  const files = lockSystems(loaded, { replace, retire });
  const output = terminalOutput(json);
  if (json) return output.json({ files });
  for (const { path, changed } of files) output.line(`${changed ? 'changed' : 'current'}  ${path}`);
}

const COLUMNS = [
  { name: 'agent' },
  { name: 'version' },
  { name: 'budget', align: 'right' },
  { name: 'does', flexible: true },
] as const;
