import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Output } from '../terminal/output.ts';
import { step } from '../terminal/step.ts';
import { UserError } from '../user-error.ts';
import { fingerprintOf } from './fingerprint.ts';
import { keepFolder } from './keep-folder.ts';
import { ASSEMBLIES, BUNDLES, ensureFolder, PROJECT } from './paths.ts';

/** The sources of the cloud assembly: a change in any of them makes the cached one stale. */
const SOURCES = [
  'bin/app.ts',
  'bin/systems.ts',
  'lib',
  'functions',
  'runtime',
  'core',
  'adapters',
  'systems',
  'state-machines',
  'config',
  'cdk.json',
  'package.json',
  'package-lock.json',
];

/** CDK context over config/dev.json, such as `{ 'documents.agents': 20, systems: 'documents' }`. */
export type Settings = Readonly<Record<string, string | number>>;

/**
 * Returns the folder of the dev environment's cloud assembly with these settings. Synthesizes it if a source changed.
 * Throws `UserError` with the output of the synthesis if it fails.
 */
export async function currentAssembly(settings: Settings, output: Output): Promise<string> {
  const kept = folderOf(settings);
  const stamp = stampOfSources();
  if (isCurrent(kept, stamp)) return kept;
  // Two fleets may start at once: each synthesizes into its own folder, and both use the one that is ready first.
  const apart = `${kept}.${process.pid}`;
  try {
    await step(output, 'Synthesizing the stacks', (about) => synthesize(apart, settings, about));
    writeFileSync(join(apart, STAMP), stamp);
    keepFolder(apart, kept, () => isCurrent(kept, stamp));
  } finally {
    rmSync(apart, { force: true, recursive: true });
  }
  return kept;
}

/** Whether the assembly with these settings exists, so that booting synthesizes nothing. */
export const isSynthesized = (settings: Settings): boolean => isCurrent(folderOf(settings), stampOfSources());

function folderOf(settings: Settings): string {
  const name = Object.entries(settings)
    .map(([setting, value]) => `${setting}-${value}`.replaceAll(/[^\w.-]/g, '+'))
    .join('-');
  return join(ensureFolder(ASSEMBLIES), name || 'dev');
}

const stampOfSources = (): string => fingerprintOf(SOURCES);

/** In the assembly's folder, so that they are replaced together. */
const STAMP = 'sources.sha256';

function isCurrent(folder: string, stamp: string): boolean {
  const file = join(folder, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** A line that the CDK prints when it begins a function's bundle, which takes most of the time. */
const BUNDLING = /^Bundling asset (?<function>\S+?)(?:\/Function)?\/Code\/Stage\.\.\.$/;

/** Runs the CDK app without the CDK's command line: the same assembly in half the time. */
async function synthesize(folder: string, settings: Settings, about: (text: string) => void): Promise<void> {
  const context = Object.entries(settings).map(([name, value]) => [name, String(value)] as const);
  const child = spawn(process.execPath, [join(PROJECT, 'bin/app.ts')], {
    cwd: PROJECT,
    // npm run synth and the tests validate the template; here that would take half of the time.
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ env: 'dev', ...Object.fromEntries(context) }),
      CDK_VALIDATION: 'false',
      FLEET_BUNDLES: process.env['FLEET_BUNDLES'] ?? ensureFolder(BUNDLES),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      const bundled = BUNDLING.exec(line)?.groups?.['function'];
      if (bundled === undefined) said.push(line);
      else about(`bundling ${bundled}`);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new UserError(
      `The stacks could not be synthesized:\n${said.join('\n').trim()}`,
      'Fix the error and try again. npm run synth shows it, too.',
    );
}
