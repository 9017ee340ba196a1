import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what the files of one run share. Removed when the run ends. */
    readonly runFolder: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'fleet-test-run-'));
  project.provide('runFolder', folder);
  // Read by lib/bundle.ts, in the test processes and in all that they start.
  process.env['FLEET_BUNDLES'] = join(folder, 'bundles');
  return () => rmSync(folder, { recursive: true, force: true });
}
