import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { addReview } from './cli/add-review.ts';
import { addGithub } from './cli/github/add-github.ts';
import { codeReviewSettings } from './settings.ts';

export const codeReviewSystem = defineSystem({
  name: 'code-review',
  description:
    'Reviews a change of code: a supervisor delegates it to specialists for security, style, logic and tests.',
  settings: codeReviewSettings,
  stack: async () => (await import('./stack.ts')).CodeReviewStack,
  agents: async () => [
    (await import('./agents/supervisor.ts')).reviewSupervisor,
    ...(await import('./agents/specialists.ts')).specialists,
  ],
  claudeRules: ['code-review.rule.ts', 'supervisor.rule.ts'].map((rule) =>
    join(import.meta.dirname, 'simulated-claude', rule),
  ),
  routes: [
    {
      route: 'POST /github/webhook',
      description: 'Accepts deliveries of GitHub’s webhook, signed by GitHub, and reviews the pull requests.',
    },
  ],
  commands: (fleet, systems) => {
    addReview(fleet, systems);
    addGithub(fleet, systems);
  },
});
