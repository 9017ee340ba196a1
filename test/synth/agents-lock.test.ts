import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systems } from '#bin/systems.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { checkDefinitions } from '#lib/agents-lock.ts';
import { ConfigError } from '#lib/config.ts';
import type { StackSystem } from '#lib/system.ts';
import { quickApp, removeFolder, temporaryFolder } from './synthesize.ts';

/** The assistant with another system prompt under its version 1. */
const changed: readonly StackSystem[] = systems.map((system) => ({
  ...system,
  agents: async () => (await system.agents()).map((agent) => ({ ...agent, system: 'Be rude.' })),
}));

const FINDS = /agent assistant has changed under its version "1": system prompt\..*Raise the version/;

describe('a changed definition under an unchanged version', () => {
  it.each(['staging', 'prod'])('stops the synthesis of %s', async (environment) => {
    const app = quickApp(environment, { systems: 'assistant' });
    await expect(app.addSystems(changed)).rejects.toThrow(ConfigError);
    await expect(app.addSystems(changed)).rejects.toThrow(FINDS);
    expect(app.node.children).toEqual([]);
    removeFolder(app.outdir);
  });

  it('is a warning in dev', async () => {
    const app = quickApp('dev', { systems: 'assistant' });
    expect(await app.addSystems(changed)).toEqual([expect.stringMatching(FINDS)]);
    removeFolder(app.outdir);
  });

  it('is not found in the committed systems', async () => {
    const app = quickApp('prod');
    expect(await app.addSystems(systems)).toEqual([]);
    removeFolder(app.outdir);
  });
});

describe('the lock file of a system', () => {
  const agents = [
    defineAgent({ name: 'exchange', version: '2', tier: 'fast', system: 'Be brief.', input: z.any(), output: z.any() }),
  ];
  const check = (protectData: boolean) =>
    checkDefinitions({ protectData, prefix: 'fleet-prod' }, [{ name: 'exchange', agents }], folder);
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder, 'exchange'));
  });
  afterEach(() => removeFolder(folder));

  it('that is missing stops the synthesis where data is protected', () => {
    expect(() => check(true)).toThrow(/protects its data.*\nVersion "2" of the agent exchange is not in systems\/exch/);
    expect(check(false)).toEqual([expect.stringContaining('Run `npm run fleet -- agents lock`')]);
  });

  it.each([
    ['has a version that no definition has', '{"agents":{"exchange":{"1":{}}}}', /--retire exchange@1/],
    ['has merge conflicts', '>>>>>>> main', /has merge conflicts/],
  ])('that %s stops the synthesis where data is protected', (_, text, message) => {
    writeFileSync(join(folder, 'exchange/agents.lock.json'), text);
    expect(() => check(true)).toThrow(ConfigError);
    expect(() => check(true)).toThrow(message);
    expect(check(false).join('\n')).toMatch(message);
  });
});
