import { join } from 'node:path';
import { z } from 'zod';
import { defineSystem } from '../manifest.ts';

export const assistantSystem = defineSystem({
  name: 'assistant',
  description: 'A general-purpose agent: follows an instruction and answers with text.',
  settings: z.strictObject({}),
  stack: async () => (await import('./stack.ts')).AssistantStack,
  agents: async () => [(await import('./agents/assistant.ts')).assistant],
  claudeRules: [join(import.meta.dirname, 'simulated-claude/assistant.rule.ts')],
});
