import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { systems } from '#bin/systems.ts';
import { lockSystems } from '#cli/agents-lock.ts';
import { UserError } from '#cli/user-error.ts';
import { defineAgent, type Agent } from '#core/agents/define-agent.ts';

const agent = (name: string, system = 'Be brief.'): Agent =>
  defineAgent({ name, version: '1', tier: 'fast', system, input: z.string(), output: z.string() });

let project: string;
const fileOf = (name: string): string => join(project, `systems/${name}/agents.lock.json`);
const NOTHING = { replace: [], retire: [] };

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'fleet-lock-'));
  for (const name of ['one', 'two']) mkdirSync(join(project, 'systems', name), { recursive: true });
});
afterEach(() => rmSync(project, { recursive: true }));

it('writes a lock file per system, and leaves a current one alone', () => {
  const both = ['one', 'two'].map((name) => ({ name, agents: [agent(name)] }));
  expect(lockSystems(both, NOTHING, project)).toEqual([
    { path: 'systems/one/agents.lock.json', changed: true },
    { path: 'systems/two/agents.lock.json', changed: true },
  ]);
  expect(readFileSync(fileOf('one'), 'utf8')).toContain('"system": "Be brief."');
  expect(lockSystems(both, NOTHING, project).map(({ changed }) => changed)).toEqual([false, false]);
});

it('writes nothing if one system does not allow its change', () => {
  lockSystems([{ name: 'two', agents: [agent('two')] }], NOTHING, project);
  const before = readFileSync(fileOf('two'), 'utf8');
  const changed = [
    { name: 'one', agents: [agent('one')] },
    { name: 'two', agents: [agent('two', 'Be verbose.')] },
  ];
  expect(() => lockSystems(changed, NOTHING, project)).toThrow(/agent two has changed.*Be brief\., now Be verbose/);
  expect(() => readFileSync(fileOf('one'))).toThrow('ENOENT');
  lockSystems(changed, { replace: ['two'], retire: [] }, project);
  expect(readFileSync(fileOf('two'), 'utf8')).not.toBe(before);
});

it('names a broken file, and an agent that does not exist', () => {
  writeFileSync(fileOf('one'), '<<<<<<< HEAD\n');
  const one = [{ name: 'one', agents: [agent('one')] }];
  expect(() => lockSystems(one, NOTHING, project)).toThrow(UserError);
  expect(() => lockSystems(one, NOTHING, project)).toThrow('systems/one/agents.lock.json has merge conflicts');
  expect(() => lockSystems(one, { replace: ['two'], retire: [] }, project)).toThrow('There is no agent "two".');
});

it('retires only a version that a lock file has and nobody defines', () => {
  const before = [{ name: 'one', agents: [agent('old'), agent('one')] }];
  lockSystems(before, NOTHING, project);
  const now = [{ name: 'one', agents: [agent('one')] }];
  const retiring = (version: string) => () => lockSystems(now, { replace: [], retire: [version] }, project);
  expect(retiring('old@9')).toThrow('No lock file has "old@9" without its definition.');
  expect(retiring('one@1')).toThrow('No lock file has "one@1" without its definition.');
  expect(retiring('old@1')()).toEqual([{ path: 'systems/one/agents.lock.json', changed: true }]);
});

// If this fails, an agent was changed without a new version, or its lock file was not committed. The message has the remedy.
it.each(systems.map((system) => [system.name, system] as const))('%s is locked as it is', async (name, system) => {
  const agents = await system.agents();
  mkdirSync(join(project, 'systems', name), { recursive: true });
  const committed = readFileSync(`systems/${name}/agents.lock.json`, 'utf8');
  writeFileSync(fileOf(name), committed);
  lockSystems([{ name, agents }], NOTHING, project);
  expect(readFileSync(fileOf(name), 'utf8')).toBe(committed);
});
