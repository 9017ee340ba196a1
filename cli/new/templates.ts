import type { AgentNames } from './names.ts';

/** The files of a new agent's system, by path below `systems/<name>/`. */
export const agentFiles = (names: AgentNames): Readonly<Record<string, string>> => ({
  'system.ts': manifest(names),
  'stack.ts': stack(names),
  [`agents/${names.name}.ts`]: agent(names),
  [`functions/run-${names.name}/handler.ts`]: handler(names),
  [`test/${names.name}.test.ts`]: test(names),
});

const manifest = ({ name, camel, pascal }: AgentNames): string => `import { z } from 'zod';
import { defineSystem } from '../manifest.ts';

export const ${camel}System = defineSystem({
  name: '${name}',
  description: 'The agent ${name}.',
  settings: z.strictObject({}),
  stack: async () => (await import('./stack.ts')).${pascal}Stack,
  agents: async () => [(await import('./agents/${name}.ts')).${camel}Agent],
  claudeRules: [],
});
`;

const stack = ({ name, camel, pascal }: AgentNames): string => `import { agentCard, agentStack } from '#lib/index.ts';
import { ${camel}Agent } from './agents/${name}.ts';

/** The queues, workers and alarms of ${name}. */
export const ${pascal}Stack = agentStack(agentCard(${camel}Agent), 'systems/${name}/functions/run-${name}/handler.ts');
`;

const agent = ({ name, camel }: AgentNames): string => `import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';

const countWords = defineTool({
  name: 'count-words',
  description: 'Counts the words of an instruction.',
  input: z.object({ instruction: z.string().regex(/\\S/, 'must not be blank') }),
  run: async ({ instruction }) => \`\${instruction.split(/\\s+/).filter(Boolean).length} words\`,
});

export const ${camel}Agent = defineAgent({
  name: '${name}',
  version: '1',
  description: 'Answers an instruction in words.',
  tier: 'fast',
  system: 'Do what the instruction says, briefly. Count words with the tool.',
  input: z.object({ instruction: z.string().regex(/\\S/, 'must not be blank') }),
  output: z.object({ text: z.string() }),
  tools: [countWords],
});
`;

const handler = ({
  name,
  camel,
}: AgentNames): string => `import { agentHandler, collectHandler } from '#runtime/index.ts';
import { ${camel}Agent } from '../../agents/${name}.ts';

/** The worker of ${name}'s pool. */
export const handler = agentHandler(${camel}Agent);
/** The collector of its economy tasks, which an agent without tools accepts. */
export const collect = collectHandler(${camel}Agent);
`;

const test = ({ name, camel }: AgentNames): string => `import { expect, it } from 'vitest';
import { ${camel}Agent } from '../agents/${name}.ts';

it('counts words with its tool', async () => {
  const [countWords] = ${camel}Agent.tools;
  const context = { idempotencyKey: 'step-1', signal: AbortSignal.timeout(1_000), input: {}, sandbox: undefined };
  expect(await countWords?.run({ instruction: 'Good morning' }, context)).toBe('2 words');
});

it('answers with a text', () => {
  expect(${camel}Agent.judge({ text: 'Good morning!' }, undefined)).toMatchObject({ ok: true });
  expect(${camel}Agent.judge({ text: 7 }, undefined)).toMatchObject({ ok: false });
});
`;
