import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A home of its own, before anything reads it: the game day must not touch the fleet of npm start.
const home = mkdtempSync(join(tmpdir(), 'fleet-gameday-'));
process.env['FLEET_HOME'] = home;
try {
  const { runGameday } = await import('./command.ts');
  process.exitCode = await runGameday(process.argv.slice(2));
} finally {
  rmSync(home, { recursive: true, force: true });
}
