/**
 * Keeps this checkout's build as the release before: `npm run keep:release`, see README.md. It contains the cloud
 * assembly of dev with all systems, and the parrot of the tests, with every function's bundle.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { systems } from '#bin/systems.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { ParrotStack } from '../../systems/parrot/stack.ts';
import { pack } from './archive.ts';

const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
const outdir = mkdtempSync(join(tmpdir(), 'fleet-release-'));
try {
  const app = new FleetApp({ outdir, builtinCloudFormationValidation: false, context: { env: 'dev' } });
  await app.addSystems(systems);
  app.add(ParrotStack);
  app.synth();
  // The local cloud does not read where in the code a construct stands.
  const archive = pack(outdir, (path) => !path.endsWith('.metadata.json'));
  const file = join(import.meta.dirname, `v${version}.zst`);
  writeFileSync(file, archive);
  console.info(`${file}: ${(archive.length / 1e6).toFixed(2)} MB`);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
