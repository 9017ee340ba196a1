import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { SUPPORT } from './agents/identity.ts';
import { addSupport } from './cli/add-support.ts';
import { supportSettings } from './settings.ts';

export const supportSystem = defineSystem({
  name: 'support',
  description: 'Customers’ messages by a signed webhook, answered from the shop’s data or escalated to a person.',
  settings: supportSettings,
  stack: async () => (await import('./stack.ts')).SupportStack,
  agents: async () => [(await import('./agents/support-agent.ts')).supportAgent],
  claudeRules: [join(import.meta.dirname, 'simulated-claude/support.rule.ts')],
  routes: [
    { route: 'POST /support/messages', description: 'A customer’s message, signed by the shop (Standard Webhooks).' },
  ],
  commands: addSupport,
  load: {
    agent: SUPPORT.name,
    description: 'messages of customers, whose answers are checked against what is known of them',
    options: [
      {
        flags: '--shop-table <name>',
        description: `shop table of a deployed ${SUPPORT.name}, filled with AWS credentials`,
      },
    ],
    failsWhen: 'the agent resolved a message that needs a person, or a refund was doubled or undue',
    work: async (request) => (await import('./cli/load-work.ts')).loadWork(request),
  },
});
