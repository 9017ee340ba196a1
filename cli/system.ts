import type { Agent } from '../core/agents/define-agent.ts';

/** What a fleet needs of its systems; handed over in bin/fleet.ts, where both sides meet. */
export interface FleetSystems {
  /** Module paths of the rules by which the simulated Claude answers for all of them; the first that matches does. */
  readonly claudeRules: readonly string[];
}

/** What the command line needs of the documents system beside that. */
export interface DocumentsSystem extends FleetSystems {
  readonly agent: Agent;
  /** Writes the sample contracts into a folder; answers with how many files it wrote. */
  writeSamples(folder: string): Promise<number>;
}
