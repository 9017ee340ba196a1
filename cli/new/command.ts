import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Agent } from '#core/agents/define-agent.ts';
import { LOCK_FILE } from '#core/agents/lock.ts';
import { lockSystems } from '../agents-lock.ts';
import { examples } from '../api/api-command.ts';
import { PROJECT } from '../fleet/paths.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import type { CliSystem } from '../system.ts';
import { terminalOutput, type Output } from '../terminal/output.ts';
import { agentNames, type AgentNames } from './names.ts';
import { withSystem } from './systems-list.ts';
import { agentFiles } from './templates.ts';

/** Adds `fleet new agent`. */
export function addNew(fleet: Command, systems: readonly CliSystem[]): void {
  const command = fleet
    .command('new')
    .description('writes the files of something new into this project')
    .addHelpText('after', examples('new agent greeter'));
  command
    .command('agent')
    .argument('<name>', 'names the agent, its folder in systems/ and its queues')
    .description('creates a system with one agent: agent, stack, worker, test, and its line in bin/systems.ts')
    .option('--json', 'one JSON object on stdout: the files that were written')
    .addHelpText('after', examples('new agent greeter', 'new agent price-watch --json'))
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const agents = await Promise.all(systems.map(async (system) => system.agents()));
      const taken = [...systems.map((system) => system.name), ...agents.flat().map((agent) => agent.name)];
      await newAgent(name, taken, terminalOutput(json), json);
    });
}

const LIST = 'bin/systems.ts';

async function newAgent(name: string, taken: readonly string[], output: Output, json: boolean): Promise<void> {
  const names = agentNames(name, taken);
  const list = withSystem(readFileSync(join(PROJECT, LIST), 'utf8'), names);
  const files = Object.entries(agentFiles(names)).map(([path, text]) => [`systems/${name}/${path}`, text] as const);
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(PROJECT, path)), { recursive: true });
      writeFileSync(join(PROJECT, path), text);
    }
    lockSystems([{ name, agents: await definedIn(names) }], { replace: [], retire: [] });
    writeFileSync(join(PROJECT, LIST), list);
  } catch (error) {
    // A half-written system would break the next synthesis.
    rmSync(join(PROJECT, 'systems', name), { recursive: true, force: true });
    throw error;
  }
  const paths = [...files.map(([path]) => path), `systems/${name}/${LOCK_FILE}`];
  if (json) return output.json({ agent: name, files: [...paths, LIST] });
  for (const path of paths) output.line(`created  ${path}`);
  output.line(`changed  ${LIST}`);
  output.line();
  if (findRunningFleet() !== null) output.line('The running fleet does not have it yet: stop it and start it again.');
  output.line(`Change what it does in systems/${name}/agents/${name}.ts, then try it:`);
  output.line(`  npm run fleet -- submit ${name} 'Good morning' --wait`);
}

/** The definition in the new module, whose name only the caller knows. */
const moduleSchema = z.record(z.string(), z.custom<Agent<never>>());

async function definedIn({ name, camel }: AgentNames): Promise<readonly Agent<never>[]> {
  const path = join(PROJECT, 'systems', name, 'agents', `${name}.ts`);
  const { [`${camel}Agent`]: agent } = moduleSchema.parse({ ...(await import(pathToFileURL(path).href)) });
  return agent === undefined ? [] : [agent];
}
