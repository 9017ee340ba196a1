import type { Command } from 'commander';
import { z } from 'zod';
import { examples } from '../api/api-command.ts';
import { parseOptions } from '../parse-options.ts';
import type { CliSystem } from '../system.ts';
import { terminalOutput } from '../terminal/output.ts';
import { wholeOption } from '../whole-option.ts';

/**
 * Adds `fleet global`: three regions on this machine. What runs a command is loaded when it runs: the local cloud takes its
 * time to load.
 */
export function addGlobal(fleet: Command, systems: readonly CliSystem[]): void {
  const global = fleet
    .command('global')
    .description('runs a fleet of three regions on this machine, with a network between them that can break');
  addUp(global, systems);
  addMap(global);
  addFaults(global);
  addDemo(global, systems);
  global
    .command('down')
    .description('stops the regions, from any terminal; all data is kept')
    .addHelpText('after', examples('global down'))
    .action(async () => (await import('./orders.ts')).downCommand(terminalOutput(false)));
}

function addUp(global: Command, systems: readonly CliSystem[]): void {
  global
    .command('up')
    .description('starts the regions and keeps them running until Ctrl-C')
    .option('--systems <names>', 'these systems, separated by commas (default: the assistant)')
    .option('--free-ports', 'pick free ports instead of 4400, 4410, 4420 and 4566, 4576, 4586')
    .addHelpText('after', examples('global up', 'global up --free-ports'))
    .action(async (raw: object) => {
      const schema = z.object({ systems: z.string().optional(), freePorts: z.boolean().default(false) });
      const options = parseOptions(schema, raw, 'global up');
      const { globalUp } = await import('./up.ts');
      await globalUp(systems, options, terminalOutput(false));
    });
}

function addMap(global: Command): void {
  global
    .command('map')
    .description('shows regions, who holds which home, replication, network and tasks; q quits')
    .option('--once', 'print it once and end, as without a terminal')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('global map', 'global map --once', 'global map --json'))
    .action(async (raw: object) => {
      const schema = z.object({ once: z.boolean().default(false), json: z.boolean().default(false) });
      const options = parseOptions(schema, raw, 'global map');
      const { mapCommand } = await import('./map/command.ts');
      await mapCommand(options, terminalOutput(options.json));
    });
}

function addFaults(global: Command): void {
  const orders = async () => import('./orders.ts');
  const output = (): ReturnType<typeof terminalOutput> => terminalOutput(false);
  global
    .command('kill <region>')
    .description('kills a region as a power failure does (SIGKILL)')
    .addHelpText('after', examples('global kill eu'))
    .action(async (region: string) => (await orders()).killCommand(region, output()));
  global
    .command('start <region>')
    .description('starts a region that is down, with the data that it had')
    .addHelpText('after', examples('global start eu'))
    .action(async (region: string) => (await orders()).startCommand(region, output()));
  global
    .command('partition <region>')
    .description('cuts a region off from the others; callers still reach it')
    .addHelpText('after', examples('global partition ap'))
    .action(async (region: string) => (await orders()).partitionCommand(region, output()));
  global
    .command('heal')
    .description('makes the network between all regions whole again')
    .addHelpText('after', examples('global heal'))
    .action(async () => (await orders()).healCommand(output()));
  global
    .command('slow <region> <ms>')
    .description('sets the round trip between a region and the others, in milliseconds')
    .addHelpText('after', examples('global slow ap 800'))
    .action(async (region: string, raw: string) => {
      const { ms } = parseOptions(z.object({ ms: wholeOption(0, 60_000) }), { ms: raw }, 'global slow', ['ms']);
      await (await orders()).slowCommand(region, ms, output());
    });
}

function addDemo(global: Command, systems: readonly CliSystem[]): void {
  global
    .command('demo')
    .description(
      'runs tasks from three continents through a kill and a partition of regions, and judges what became of them',
    )
    .option('--tasks <n>', 'tasks to submit', '1500')
    .option('--seconds <n>', 'how long callers submit', '130')
    .option('--seed <n>', 'the same seed gives the same callers, times and faults', '1')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      `${examples('global demo', 'global demo --seed 7 --json')}\n\nIt boots regions of its own. Exit codes: 0 when nothing was lost, doubled, repeated or overspent and no request failed; 1 otherwise.`,
    )
    .action(async (raw: object) => {
      const { parseDemoOptions } = await import('./demo/options.ts');
      const options = parseDemoOptions(raw);
      const { demoCommand } = await import('./demo/demo.ts');
      await demoCommand(systems, options, terminalOutput(options.json));
    });
}
