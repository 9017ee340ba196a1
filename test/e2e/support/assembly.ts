import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** The stacks that end-to-end tests boot. Each is loaded when it is synthesized, because the CDK takes a second to load. */
const STACKS = {
  assistant: async () => (await import('#systems/assistant/stack.ts')).AssistantStack,
  'bare-parrot': async () => (await import('../../systems/parrot/stack.ts')).BareParrotStack,
  calculator: async () => (await import('../../systems/calculator/stack.ts')).CalculatorStack,
  documents: async () => (await import('#systems/documents/stack.ts')).DocumentsStack,
  'early-parrot': async () => (await import('../../systems/parrot/stack.ts')).EarlyParrotStack,
  echo: async () => (await import('../../systems/echo/stack.ts')).EchoStack,
  newsroom: async () => (await import('../../systems/newsroom/stack.ts')).NewsroomStack,
  'next-parrot': async () => (await import('../../systems/parrot/stack.ts')).NextParrotStack,
  parrot: async () => (await import('../../systems/parrot/stack.ts')).ParrotStack,
  waiting: async () => (await import('../../systems/waiting/stack.ts')).WaitingStack,
  support: async () => (await import('#systems/support/stack.ts')).SupportStack,
};
export type StackName = keyof typeof STACKS;

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
  for (const name of stacks) app.add(await STACKS[name]());
  app.synth();
}
