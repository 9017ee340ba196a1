import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agentNames } from '#cli/new/names.ts';
import { withSystem } from '#cli/new/systems-list.ts';
import { agentFiles } from '#cli/new/templates.ts';

describe('the name of a new agent', () => {
  it('names its constants, too', () => {
    expect(agentNames('price-watch', [])).toEqual({
      name: 'price-watch',
      camel: 'priceWatch',
      pascal: 'PriceWatch',
    });
  });

  it.each(['Greeter', '1st', 'a', 'two words', 'a--b', 'price-1watch', 'trailing-', '../up', 'é', 'x'.repeat(42), ''])(
    'is rejected when it cannot name queues: %j',
    (name) => {
      expect(() => agentNames(name, [])).toThrow(`"${name}" is not a name for an agent.`);
    },
  );

  it.each([['assistant'], ['platform'], ['api'], ['support-agent']])('is rejected when it is taken: %s', (name) => {
    expect(() => agentNames(name, ['support-agent'])).toThrow(`The name "${name}" is taken.`);
  });

  it.each(['class', 'new', 'default', 'system'])('may be a word of the language: %s', (name) => {
    const files = Object.values(agentFiles(agentNames(name, []))).join('\n');
    expect(files).toContain(`export const ${name}Agent`);
    expect(files).not.toMatch(new RegExp(`export const ${name}\\b(?!Agent|System)`));
  });
});

describe('bin/systems.ts', () => {
  const listed = readFileSync('bin/systems.ts', 'utf8');
  const [last = ''] = /\w+(?=,?\s*\];)/.exec(listed) ?? [];
  const names = (name: string) => agentNames(name, []);

  it('gets an import and an item at the end of the list', () => {
    const changed = withSystem(listed, names('doorkeeper'));
    expect(changed).toContain("import { doorkeeperSystem } from '#systems/doorkeeper/system.ts';\n");
    expect(changed).toMatch(new RegExp(`export const systems[^;]*${last},\\s+doorkeeperSystem,?\\s*\\];`));
    const paths = [...changed.matchAll(/^import .* from '(#systems[^']+)'/gm)].map(([, path = '']) => path);
    expect(paths).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('wraps a list that grows too long, and extends a wrapped one', () => {
    const all = ['one-long-name', 'another-long-name', 'third-long-name', 'fourth'].map(names);
    const changed = all.reduce(withSystem, listed);
    expect(changed).toMatch(new RegExp(`\\n {2}${last},\\n {2}oneLongNameSystem,\\n[^]*\\n {2}fourthSystem,\\n\\];`));
  });

  it('is left alone when it has no list', () => {
    expect(() => withSystem('export {};', names('doorkeeper'))).toThrow('has no list of systems');
  });
});
