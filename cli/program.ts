import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { addAlarms } from './alarms.ts';
import { addAgents } from './agents.ts';
import { addConsole } from './console/command.ts';
import { addBulk } from './bulk/command.ts';
import { addCallbacks } from './callbacks.ts';
import { addStreams } from './streams/command.ts';
import { addCompletion } from './completion.ts';
import { addEscalations } from './escalations.ts';
import { addAudit } from './audit/command.ts';
import { exitCodeOf } from './exit-code.ts';
import { addLifecycle } from './fleet/add-lifecycle.ts';
import { PROJECT } from './fleet/paths.ts';
import { addGlobal } from './global/command.ts';
import { addKeys } from './keys/command.ts';
import { addLogs } from './logs/command.ts';
import { addLoad } from './load/command.ts';
import { addPermissions } from './add-permissions.ts';
import { addNew } from './new/command.ts';
import { addPause } from './pause.ts';
import { addPools } from './pools.ts';
import { addRegions } from './regions/command.ts';
import { addRuns } from './runs/command.ts';
import { addSchedules } from './schedules/command.ts';
import { addSessions } from './sessions.ts';
import type { CliSystem } from './system.ts';
import { addTasks } from './tasks/command.ts';
import { outliveReaders } from './terminal/broken-pipe.ts';
import { addTop } from './top/command.ts';
import { addTraces } from './traces/command.ts';
import { addUsage } from './usage.ts';

const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))).version;

/** Runs the command line and returns its exit code: 0 done, 1 not done, 2 wrong usage. */
export async function runProgram(argv: readonly string[], systems: readonly CliSystem[]): Promise<number> {
  outliveReaders([process.stdout, process.stderr]);
  try {
    await program(systems).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** Builds the tree of commands. */
export function program(systems: readonly CliSystem[]): Command {
  const fleet = new Command('fleet')
    .description('Runs a fleet of LLM agents on this machine, from the same stacks that cdk deploy puts on AWS.')
    .version(VERSION, '-V, --version', 'print the version')
    .exitOverride()
    .addHelpText(
      'after',
      "\nExamples:\n  npm start\n  npm run fleet -- agents\n  npm run fleet -- submit assistant 'What is 6 times 7?' --wait",
    );
  addLifecycle(fleet, systems);
  addConsole(fleet);
  for (const { commands } of systems) commands?.(fleet, systems);
  addTasks(fleet, systems);
  addBulk(fleet);
  addLogs(fleet);
  addRuns(fleet);
  addSessions(fleet);
  addEscalations(fleet);
  addPools(fleet);
  addPause(fleet);
  addTop(fleet);
  addTraces(fleet);
  addAlarms(fleet);
  addSchedules(fleet);
  addAgents(fleet, systems);
  addUsage(fleet);
  addLoad(fleet, systems);
  addKeys(fleet);
  addCallbacks(fleet);
  addStreams(fleet);
  addNew(fleet, systems);
  addPermissions(fleet);
  addAudit(fleet);
  addGlobal(fleet, systems);
  addRegions(fleet);
  addCompletion(fleet);
  helpOfEach(fleet, []);
  return fleet;
}

/** A wrong option points to the help of its own command. */
function helpOfEach(command: Command, path: readonly string[]): void {
  command.showHelpAfterError(`(see npm run fleet -- ${[...path, '--help'].join(' ')})`);
  for (const each of command.commands) helpOfEach(each, [...path, each.name()]);
}
