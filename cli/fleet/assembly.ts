import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import { ensureFolder, FLEET_HOME, PROJECT, sha256 } from './paths.ts';

/** What the cloud assembly is made from: a change in any of these makes the cached one stale. */
const SOURCES = [
  'bin/app.ts',
  'lib',
  'functions',
  'core',
  'adapters',
  'systems',
  'state-machines',
  'config',
  'cdk.json',
  'package-lock.json',
];
const ASSEMBLY = join(FLEET_HOME, 'cdk.out');
const STAMP = join(FLEET_HOME, 'cdk.out.stamp');

/**
 * The folder of the dev environment's cloud assembly, synthesized anew when a source changed.
 * Throws `UserError` with what the synthesis said when it fails.
 */
export async function currentAssembly(onSynth: () => void): Promise<string> {
  const stamp = sha256(SOURCES.flatMap((source) => fingerprints(join(PROJECT, source))).join('\n'));
  if (isCurrent(stamp)) return ASSEMBLY;
  onSynth();
  ensureFolder(FLEET_HOME);
  // Two fleets may start at once: each synthesizes apart, and the first to end is the one whose assembly both use.
  const apart = `${ASSEMBLY}.${process.pid}`;
  try {
    await synthesize(apart);
    if (!isCurrent(stamp)) {
      rmSync(STAMP, { force: true });
      rmSync(ASSEMBLY, { force: true, recursive: true });
      renameSync(apart, ASSEMBLY);
      writeFileSync(STAMP, stamp);
    }
  } finally {
    rmSync(apart, { force: true, recursive: true });
  }
  return ASSEMBLY;
}

function isCurrent(stamp: string): boolean {
  return existsSync(join(ASSEMBLY, 'manifest.json')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp;
}

/** The CDK app itself, without the CDK's command line: half the time, the same assembly. */
async function synthesize(folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(PROJECT, 'bin/app.ts')], {
    cwd: PROJECT,
    // The template's validation belongs to npm run synth and the tests; here it would cost half the time.
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ env: 'dev' }),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new UserError(`The stack could not be synthesized:\n${said.trim()}`, 'Run npm run synth to see it alone.');
}

function fingerprints(path: string): string[] {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return [];
  if (!info.isDirectory()) return [`${path} ${sha256(readFileSync(path))}`];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'test' && entry.name !== 'data')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => fingerprints(join(path, entry.name)));
}
