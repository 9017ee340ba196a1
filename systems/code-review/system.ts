import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { addReview } from './cli/add-review.ts';
import { codeReviewSettings } from './settings.ts';

export const codeReviewSystem = defineSystem({
  name: 'code-review',
  description: 'Reviews a change of code with four specialists: security, style, logic and tests.',
  settings: codeReviewSettings,
  stack: async () => (await import('./stack.ts')).CodeReviewStack,
  agents: async () => [...(await import('./agents/specialists.ts')).specialists],
  claudeRules: [join(import.meta.dirname, 'simulated-claude/code-review.rule.ts')],
  commands: addReview,
});
