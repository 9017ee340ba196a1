import { existsSync, globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systems } from '#bin/systems.ts';
import { agentCard } from '#core/agents/agent-card.ts';
import { ConfigError, loadConfig } from '#lib/config.ts';
import { chooseSystems } from '#lib/system.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const settings = z.strictObject({ size: z.int().min(1).default(3) });
const stack = () => Promise.reject(new Error('not loaded here'));
const some = [
  { name: 'one', settings, stack },
  { name: 'two', settings: z.strictObject({}), stack },
];
const choose = (context: Readonly<Record<string, unknown>>) =>
  chooseSystems(some, { ...loadConfig('dev', context), systems: pickSystems(context) }, context).map(
    ({ name }) => name,
  );

/** The settings of the two systems above, without those in dev.json. */
function pickSystems(context: Readonly<Record<string, unknown>>) {
  const { systems: all } = loadConfig('dev', context);
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'documents'));
}

describe('-c systems', () => {
  it('selects systems; the default is all', () => {
    expect(choose({})).toEqual(['one', 'two']);
    expect(choose({ systems: 'two' })).toEqual(['two']);
    expect(choose({ systems: 'two,one' })).toEqual(['one', 'two']);
  });

  it.each([
    [{ systems: 'three' }, 'System "three" not found. Choose from one, two with -c systems=NAME,NAME.'],
    [{ systems: '' }, 'System "" not found.'],
    [{ size: '4' }, 'size is a setting of one: give it as -c one.size=VALUE.'],
    [{ 'three.size': '4' }, 'systems.three has settings, but there is no such system.'],
    [
      { 'one.size': '0' },
      'systems.one of the configuration (with the -c options) cannot be used: size must be at least 1',
    ],
    [{ 'constructor.size': '4' }, 'systems.constructor has settings, but there is no such system.'],
    [{ tenants: '{}' }, 'tenants is a setting of each system now'],
    [{ 'one.colour': 'red' }, 'has the unknown field colour'],
  ])('rejects %j', (context, message) => {
    expect(() => choose(context)).toThrow(ConfigError);
    expect(() => choose(context)).toThrow(message);
  });

  it('allows a system to be called constructor', () => {
    const system = { name: 'constructor', settings, stack };
    const config = { ...loadConfig('dev'), systems: {} };
    expect(chooseSystems([system], config, {})).toEqual([system]);
  });

  it('creates the stacks of the selected systems, the platform, the API and observability', async () => {
    const app = quickApp('dev', { systems: 'assistant' });
    await app.addSystems(systems);
    const { stacks } = app.synth();
    removeFolder(app.outdir);
    expect(stacks.map(({ stackName }) => stackName).toSorted()).toEqual([
      'fleet-dev-api',
      'fleet-dev-assistant',
      'fleet-dev-observability',
      'fleet-dev-platform',
    ]);
  });
});

describe('the manifests', () => {
  it('are all listed in bin/systems.ts, each named after its folder', () => {
    const folders = globSync('systems/*/system.ts').map((path) => path.split('/')[1] ?? '');
    expect(systems.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
  });

  it.each(systems.map((system) => [system.name, system] as const))('%s matches its stack', async (_, system) => {
    expect(system.claudeRules.filter((rule) => !existsSync(rule))).toEqual([]);
    const app = quickApp('dev', { systems: system.name, ...system.optional?.settings });
    await app.addSystems(systems);
    const { pools, routes } = app.platform('us-east-1');
    // A stack may rule economy tasks out, and sets the workers of a pool. That is no part of an agent.
    const cards = pools.map(({ agent: { noEconomy: _reason, concurrency: _workers, ...card } }) => card);
    expect(cards).toEqual((await system.agents()).map(agentCard));
    expect(routes.map((each) => [each.route, 'keyed' in each])).toEqual(
      (system.routes ?? []).map(({ route, keyed = false }) => [route, keyed]),
    );
    removeFolder(app.outdir);
  });
});
