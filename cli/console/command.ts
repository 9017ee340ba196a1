import type { Command } from 'commander';
import { z } from 'zod';
import { requireNoRegions } from '../fleet/one-region.ts';
import { findRunningFleet } from '../fleet/registry.ts';
import { readLocalKey } from '../keys/local-key.ts';
import { openPage } from '../terminal/open-page.ts';
import { terminalOutput } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';

/** Adds the command that opens the console of the fleet on this machine. */
export function addConsole(fleet: Command): void {
  fleet
    .command('console')
    .description('prints a link that opens the console in a browser once, and opens it on a desktop')
    .option('--json', 'print the link as JSON')
    .addHelpText('after', '\nExamples:\n  npm run fleet -- console\n  npm run fleet -- console --json')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = terminalOutput(json);
      const url = await newLink();
      if (json) return output.json({ url });
      output.line(url);
      openPage(url);
    });
}

async function newLink(): Promise<string> {
  const running = findRunningFleet();
  if (running === null) requireNoRegions();
  const key = readLocalKey();
  if (running === null || key === null)
    throw new UserError(
      'No fleet is running on this machine.',
      'Start one with npm start. The console of a deployed fleet is at the output ConsoleUrl of its console stack.',
    );
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(new URL('/console/links', running.api.url), { method: 'POST', headers });
  if (response.status === 201) return linkSchema.parse(await response.json()).url;
  // A fleet that a command has started for itself.
  throw new UserError(
    'The running fleet does not serve the console.',
    'Wait until the command that started it has ended, then run npm start.',
  );
}

const linkSchema = z.object({ url: z.url() });
