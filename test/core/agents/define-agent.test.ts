import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DefinitionError } from '#core/agents/definition-error.ts';
import { defineAgent, defineTool, withServices, type Agent } from '#core/agents/define-agent.ts';

const good = {
  name: 'greeter',
  version: '1',
  tier: 'fast' as const,
  system: 'Greet.',
  input: z.object({ instruction: z.string() }),
  output: z.object({ text: z.string() }),
};
const tool = (name: string) =>
  defineTool({ name, description: 'Looks.', input: z.object({}), run: () => Promise.resolve('') });

describe('an agent that is defined wrongly', () => {
  it.each<[object, string]>([
    [{ name: 'My Agent' }, 'The agent "My Agent" is not defined correctly: name must be lowercase letters'],
    [{ tier: 'genius' }, 'The agent "greeter" is not defined correctly: tier must be '],
    [{ version: '' }, 'version must not be empty'],
    [{ timeLimit: 1_000 }, 'timeLimit must be at most 900'],
    [{ upgrade: { to: 'fast' } }, 'upgrade.to must be a higher tier'],
    [{ tools: [tool('look up')] }, 'tools.0.name must be 1 to 128 letters'],
    [{ tools: [tool('look'), tool('look')] }, 'two tools are called look'],
    [{ earlier: [defineAgent(good)] }, 'there are two versions "1"'],
    [
      { earlier: [defineAgent({ ...good, name: 'other', version: '0' })] },
      'earlier has a version of another agent, other',
    ],
  ])('%j is named in one sentence', (wrong, message) => {
    const define = () => defineAgent({ ...good, ...wrong });
    expect(define).toThrow(DefinitionError);
    expect(define).toThrow(message);
  });
});

it('earlier versions come with their own earlier ones, and with the services', async () => {
  const lookUp = defineTool({
    name: 'look-up',
    description: 'Looks.',
    input: z.object({}),
    run: (_, __, services: { readonly found: string }) => Promise.resolve(services.found),
  });
  const define = (version: string, earlier: readonly Agent<{ readonly found: string }>[]) =>
    defineAgent({ ...good, version, tools: [lookUp], earlier });
  const third = withServices(define('3', [define('2', [define('1', [])])]), { found: 'it' });
  expect(third.earlier.map(({ version }) => version)).toEqual(['2', '1']);
  const context = { idempotencyKey: 'step', signal: AbortSignal.timeout(1_000), input: {}, sandbox: undefined };
  for (const { tools } of third.earlier) expect(await tools[0]?.run({}, context)).toBe('it');
});
