import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { systems } from '#bin/systems.ts';
import type { SystemStack } from '#lib/system.ts';

/** The stacks of the tests' own systems. Each is loaded when it is synthesized, because the CDK takes a second to load. */
const STACKS = {
  'bare-parrot': async () => (await import('../../systems/parrot/stack.ts')).BareParrotStack,
  calculator: async () => (await import('../../systems/calculator/stack.ts')).CalculatorStack,
  'early-parrot': async () => (await import('../../systems/parrot/stack.ts')).EarlyParrotStack,
  companies: async () => (await import('../../docs/patterns/pipeline.ts')).CompaniesStack,
  echo: async () => (await import('../../systems/echo/stack.ts')).EchoStack,
  nightly: async () => (await import('../../synth/nightly.ts')).NightlyStack,
  letters: async () => (await import('../../docs/patterns/fan-out.ts')).LettersStack,
  newsroom: async () => (await import('../../systems/newsroom/stack.ts')).NewsroomStack,
  'next-parrot': async () => (await import('../../systems/parrot/stack.ts')).NextParrotStack,
  parrot: async () => (await import('../../systems/parrot/stack.ts')).ParrotStack,
  waiting: async () => (await import('../../systems/waiting/stack.ts')).WaitingStack,
};
/** A system of the tests or of the fleet. */
export type StackName =
  | keyof typeof STACKS
  | 'assistant'
  | 'code-review'
  | 'documents'
  | 'market-monitor'
  | 'research'
  | 'support';

/** The fleet's own are those of `bin/systems.ts`, so that no test names a system that somebody may have removed. */
async function stackOf(name: StackName): Promise<SystemStack> {
  const system = systems.find((each) => each.name === name);
  if (system !== undefined) return system.stack();
  if (name in STACKS) return STACKS[name as keyof typeof STACKS]();
  throw new Error(`bin/systems.ts has no system ${name}.`);
}

/** `-c` options in addition to those of dev. */
export type Context = Readonly<Record<string, unknown>>;

/**
 * Returns the folder of dev's cloud assembly with these stacks. It is synthesized once per test run and shared by all
 * files, because bundling its functions takes seconds. Nothing writes into an assembly.
 */
export async function assemblyOf(stacks: readonly StackName[], context: Context = {}): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(context)).digest('hex');
  const folder = join(inject('runFolder'), `${stacks.join('+')}-${hash.slice(0, 8)}`);
  if (existsSync(folder)) return folder;
  const apart = mkdtempSync(`${folder}-`);
  await synthesize(apart, stacks, context);
  // Two files may synthesize the same stacks at the same time. All use the assembly that is ready first.
  if (existsSync(folder)) rmSync(apart, { recursive: true });
  else renameSync(apart, folder);
  return folder;
}

async function synthesize(outdir: string, stacks: readonly StackName[], context: Context): Promise<void> {
  const { FleetApp } = await import('#lib/fleet-app.ts');
  const app = new FleetApp({ outdir, builtinCloudFormationValidation: false, context: { env: 'dev', ...context } });
  for (const name of stacks) app.add(await stackOf(name));
  app.synth();
}
