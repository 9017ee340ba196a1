import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chooseSystems } from '#cli/fleet/choose-systems.ts';
import { apiPlace, outputsBySystem, outputsOf } from '#cli/fleet/outputs.ts';

const stacks = {
  'acme-platform': { System: 'platform', StateTable: 't', AuditBucket: 'a', CallbackSecret: 's' },
  'acme-api': { System: 'api', ApiUrl: 'http://127.0.0.1:1/', UsagePlanId: 'u' },
  'acme-shop': { System: 'shop', Table: 'x' },
  'somebody-elses': { Table: 'y' },
};

describe('outputs', () => {
  it('are found by system, whatever the stacks are called', () => {
    const outputs = outputsBySystem(stacks);
    expect(Object.keys(outputs)).toEqual(['platform', 'api', 'shop']);
    expect(outputsOf(outputs, 'shop', z.object({ Table: z.string() }))).toEqual({ Table: 'x' });
    expect(apiPlace(outputs)).toEqual({
      url: 'http://127.0.0.1:1',
      table: 't',
      usagePlan: 'u',
      callbackSecret: 's',
    });
  });

  it('name the remedy for a system that the fleet does not have', () => {
    const ask = () => outputsOf(outputsBySystem(stacks), 'web', z.object({ Table: z.string() }));
    expect(ask).toThrow('This fleet does not have the system "web"; it has shop.');
    expect(ask).toThrow(expect.objectContaining({ remedy: expect.stringContaining('--systems shop,web') }));
  });
});

describe('--systems', () => {
  const systems = ['one', 'two'].map((name) => ({ name, agents: async () => [], claudeRules: [] }));

  it.each([
    [undefined, ['one', 'two']],
    ['two', ['two']],
    ['two, one', ['one', 'two']],
  ])('%s chooses %j', (names, chosen) => {
    expect(chooseSystems(systems, names).map(({ name }) => name)).toEqual(chosen);
  });

  it.each(['three', '', 'one,'])('"%s" is wrong usage', (names) => {
    expect(() => chooseSystems(systems, names)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
