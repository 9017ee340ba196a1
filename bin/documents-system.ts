import type { DocumentsSystem } from '#cli/system.ts';
import { contractAnalyst } from '#systems/documents/agents/contract-analyst.ts';
import { DEFAULT_SAMPLE, writeSamples } from '#systems/documents/samples/samples.ts';
import { claudeRules } from './claude-rules.ts';

/** The documents system as the command line knows it: here both sides meet. */
export const documentsSystem: DocumentsSystem = {
  agent: contractAnalyst,
  claudeRules,
  writeSamples: async (folder) => {
    await writeSamples(folder, DEFAULT_SAMPLE);
    return DEFAULT_SAMPLE.count;
  },
};
