import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startSimulatedClaude } from '../src/index.ts';
import { ask, rulePath, simulate, shareEcho } from './support.ts';

const echo = shareEcho();

describe('rules', () => {
  it('must be modules that export a rule, by absolute path', async () => {
    await expect(startSimulatedClaude({ rules: ['relative.ts'] })).rejects.toThrow('must be an absolute path');
    const absent = rulePath('echo').replace('echo', 'absent');
    await expect(startSimulatedClaude({ rules: [absent] })).rejects.toThrow('absent.rule.ts');
    const notARule = fileURLToPath(import.meta.resolve('../src/tokens.ts'));
    await expect(startSimulatedClaude({ rules: [notARule] })).rejects.toThrow(
      /tokens\.ts must export a rule by default/,
    );
    await expect(startSimulatedClaude({ rules: [], port: -1 })).rejects.toThrow('port');
  });

  it('are named when none of them matches', async () => {
    const { client } = await simulate({ rules: [rulePath('weather')] });
    const rejected = client.messages.create(ask('hello'));
    await expect(rejected).rejects.toThrow(
      'This is a simulation, and none of its rules matches the request (rules: weather)',
    );
    await expect(rejected).rejects.toMatchObject({ status: 400 });
  });

  it.each(['throw', 'nonsense'])('are named when they fail: %s', async (how) => {
    const { client } = await simulate({ rules: [rulePath('clumsy')] });
    const failed = client.messages.create(ask(how));
    await expect(failed).rejects.toThrow('The rule \\"clumsy\\" of the simulated Claude failed');
    await expect(failed).rejects.toMatchObject({ status: 500 });
  });

  it('do not start on a port in use', async () => {
    const { url } = await echo();
    const port = Number(new URL(url).port);
    await expect(startSimulatedClaude({ rules: [], port })).rejects.toThrow('EADDRINUSE');
  });
});
