import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineDelegatingTool } from '#core/agents/delegating-tool.ts';
import { objectInputSchema } from '#core/agents/object-input.ts';
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

const named = (name: string, delegates: Readonly<Record<string, Agent>> = {}) =>
  defineAgent({ ...good, name, delegates });
const chain = named('second', { next: named('third', { next: named('fourth', { next: named('fifth') }) }) });
const nested: z.ZodType = z.lazy(() => z.object({ of: nested.optional() }));

describe('an agent that is defined wrongly', () => {
  it.each<[object, string]>([
    [{ name: 'My Agent' }, 'The agent "My Agent" is not defined correctly: name must be lowercase letters'],
    [{ tier: 'genius' }, 'The agent "greeter" is not defined correctly: tier must be '],
    [{ version: '' }, 'version must not be empty'],
    [{ timeLimit: 1_000 }, 'timeLimit must be at most 900'],
    [{ deadline: 604_801 }, 'deadline must be at most 604800'],
    [{ upgrade: { to: 'fast' } }, 'upgrade.to must be a higher tier'],
    [{ tools: [tool('look up')] }, 'tools.0.name must be 1 to 128 letters'],
    [{ tools: [tool('look'), tool('look')] }, 'two tools are called look'],
    [{ earlier: [defineAgent(good)] }, 'there are two versions "1"'],
    [
      { earlier: [defineAgent({ ...good, name: 'other', version: '0' })] },
      'earlier has a version of another agent, other',
    ],
    [
      { delegates: { helper: named('helper', { boss: named('greeter') }) } },
      'the delegates form a cycle: greeter → helper → greeter',
    ],
    [
      { delegates: { next: chain } },
      'the delegates are more than 3 levels deep: greeter → second → third → fourth → fifth',
    ],
    [{ delegates: { 'the helper': named('helper') } }, 'delegates: "the helper" must be a letter, then letters'],
    [
      { delegates: { reader: defineAgent({ ...good, name: 'reader', input: objectInputSchema }) } },
      'delegates.reader takes an uploaded object, which a model must not name',
    ],
    [
      { delegates: { deep: defineAgent({ ...good, name: 'deep', input: nested }) } },
      'delegates.deep has an input schema that refers to itself',
    ],
    [{ delegates: { helper: named('helper') }, tools: [tool('delegate')] }, 'two tools are called delegate'],
    [
      {
        tools: [
          defineDelegatingTool({
            name: 'split',
            description: 'Splits.',
            input: z.object({}),
            plan: () => ({ tasks: [] }),
          }),
        ],
      },
      'the tool split delegates tasks, but the agent has no delegates',
    ],
  ])('%# is named in one sentence', (wrong, message) => {
    const define = () => defineAgent({ ...good, ...wrong });
    expect(define).toThrow(DefinitionError);
    expect(define).toThrow(message);
  });
});

describe('an agent with delegates', () => {
  const delegates = { helper: named('helper') };
  const split = defineDelegatingTool({
    name: 'split',
    description: 'Splits.',
    input: z.object({}),
    plan: () => ({ tasks: [] }),
  });

  it.each([
    ['gets the tool delegate', [tool('look')], ['look', 'delegate']],
    ['does not get it where code plans the tasks', [tool('look'), split], ['look', 'split']],
  ])('%s', (_, tools, names) => {
    expect(defineAgent({ ...good, tools, delegates }).tools.map(({ name }) => name)).toEqual(names);
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
