import type { Agent } from '../core/agents/define-agent.ts';

/** What the command line needs of the documents system; handed over in bin/fleet.ts, where both sides meet. */
export interface DocumentsSystem {
  readonly agent: Agent;
  /** Module paths of the rules by which the simulated Claude answers. */
  readonly claudeRules: readonly string[];
  /** Writes the sample contracts into a folder; answers with how many files it wrote. */
  writeSamples(folder: string): Promise<number>;
}
