import { join } from 'node:path';
import { defineSystem } from '../manifest.ts';
import { READER, SEARCHER } from './agents/names.ts';
import { addResearch } from './cli/add-research.ts';
import { researchSettings } from './settings.ts';

export const researchSystem = defineSystem({
  name: 'research',
  description:
    'Researches companies every night: scouts fetch, analysts read, strategists compare, code writes the brief.',
  settings: researchSettings,
  stack: async () => (await import('./stack.ts')).ResearchStack,
  agents: async () => [
    (await import('./agents/scout.ts')).scout,
    (await import('./agents/searcher.ts')).searcher,
    (await import('./agents/reader.ts')).reader,
    (await import('./agents/company-analyst.ts')).companyAnalyst,
    (await import('./agents/strategist.ts')).strategist,
  ],
  optional: { agents: [SEARCHER.name, READER.name], settings: { 'research.search': 'true' } },
  commands: addResearch,
  // The mailbox of the local cloud gets it. `.example` is nobody's.
  localSettings: {
    'research.mail': JSON.stringify({ from: 'brief@fleet.example', to: ['you@fleet.example'], createIdentity: true }),
  },
  claudeRules: ['analyst.rule.ts', 'searcher.rule.ts', 'strategist.rule.ts'].map((rule) =>
    join(import.meta.dirname, 'simulated-claude', rule),
  ),
});
