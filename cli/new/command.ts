import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { examples } from '../api/api-command.ts';
import { PROJECT } from '../fleet/paths.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import type { CliSystem } from '../system.ts';
import { terminalOutput, type Output } from '../terminal/output.ts';
import { agentNames } from './names.ts';
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
      newAgent(name, taken, terminalOutput(json), json);
    });
}

const LIST = 'bin/systems.ts';

function newAgent(name: string, taken: readonly string[], output: Output, json: boolean): void {
  const names = agentNames(name, taken);
  const list = withSystem(readFileSync(join(PROJECT, LIST), 'utf8'), names);
  const files = Object.entries(agentFiles(names)).map(([path, text]) => [`systems/${name}/${path}`, text] as const);
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(PROJECT, path)), { recursive: true });
      writeFileSync(join(PROJECT, path), text);
    }
    writeFileSync(join(PROJECT, LIST), list);
  } catch (error) {
    // A half-written system would break the next synthesis.
    rmSync(join(PROJECT, 'systems', name), { recursive: true, force: true });
    throw error;
  }
  const paths = files.map(([path]) => path);
  if (json) return output.json({ agent: name, files: [...paths, LIST] });
  for (const path of paths) output.line(`created  ${path}`);
  output.line(`changed  ${LIST}`);
  output.line();
  if (findRunningFleet() !== null) output.line('The running fleet does not have it yet: stop it and start it again.');
  output.line(`Change what it does in systems/${name}/agents/${name}.ts, then try it:`);
  output.line(`  npm run fleet -- submit ${name} 'Good morning' --wait`);
}
