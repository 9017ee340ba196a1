import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { SUPPORT } from './agents/identity.ts';
import { addSupport } from './cli/add-support.ts';
import { supportSettings } from './settings.ts';

export const supportSystem = defineSystem({
  name: 'support',
  description:
    'Answers customers’ messages, sent through a signed webhook, from the shop’s data, or escalates them to a person.',
  settings: supportSettings,
  stack: async () => (await import('./stack.ts')).SupportStack,
  agents: async () => [(await import('./agents/support-agent.ts')).supportAgent],
  claudeRules: [join(import.meta.dirname, 'simulated-claude/support.rule.ts')],
  routes: [
    {
      route: 'POST /support/messages',
      description: 'Accepts a customer’s message, signed by the shop (Standard Webhooks).',
    },
  ],
  commands: addSupport,
  load: {
    agent: SUPPORT.name,
    description: 'customers’ messages with known correct outcomes, which the answers are checked against',
    options: [
      {
        flags: '--shop-table <name>',
        description: `shop table of a deployed ${SUPPORT.name}; customers are added to it with your AWS credentials`,
      },
    ],
    failsWhen: 'the agent resolved a message that needs a person, or a refund was doubled or undue',
    work: async (request) => (await import('./cli/load-work.ts')).loadWork(request),
  },
});
