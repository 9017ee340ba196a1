import { fileURLToPath } from 'node:url';
import { runProgram } from '../cli/program.ts';
import { contractAnalyst } from '../systems/documents/agents/contract-analyst.ts';
import { DEFAULT_SAMPLE, writeSamples } from '../systems/documents/samples/samples.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

process.exitCode = await runProgram(process.argv.slice(2), {
  agent: contractAnalyst,
  claudeRules: [here('../systems/documents/simulated-claude/contracts.rule.ts')],
  writeSamples: async (folder) => {
    await writeSamples(folder, DEFAULT_SAMPLE);
    return DEFAULT_SAMPLE.count;
  },
});
