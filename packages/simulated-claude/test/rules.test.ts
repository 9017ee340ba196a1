import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startSimulatedClaude } from '../src/index.ts';
import { ask, echo, rulePath, simulate } from './support.ts';

describe('rules', () => {
  it('must be modules with a rule, by absolute path', async () => {
    await expect(startSimulatedClaude({ rules: ['relative.ts'] })).rejects.toThrow('must be an absolute path');
    const absent = rulePath('echo').replace('echo', 'absent');
    await expect(startSimulatedClaude({ rules: [absent] })).rejects.toThrow('absent.rule.ts');
    const noRule = fileURLToPath(import.meta.resolve('../src/tokens.ts'));
    await expect(startSimulatedClaude({ rules: [noRule] })).rejects.toThrow(/tokens\.ts must export a rule by default/);
    await expect(startSimulatedClaude({ rules: [], port: -1 })).rejects.toThrow('port');
  });

  it('are named when none of them matches', async () => {
    const { client } = await simulate({ rules: [rulePath('weather')] });
    const refused = client.messages.create(ask('hello'));
    await expect(refused).rejects.toThrow(
      'This is a simulation and no rule of it matches the request (rules: weather)',
    );
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });

  it.each(['throw', 'nonsense'])('are named when they fail: %s', async (how) => {
    const { client } = await simulate({ rules: [rulePath('clumsy')] });
    const failed = client.messages.create(ask(how));
    await expect(failed).rejects.toThrow('The rule \\"clumsy\\" of the simulated Claude failed');
    await expect(failed).rejects.toMatchObject({ status: 500 });
  });

  it('refuse a port in use', async () => {
    const { url } = await echo();
    const port = Number(new URL(url).port);
    await expect(startSimulatedClaude({ rules: [], port })).rejects.toThrow('EADDRINUSE');
  });
});
