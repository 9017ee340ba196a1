import { join } from 'node:path';
import {
  IMPROVISE_RULE,
  startSimulatedClaude,
  type SimulatedClaude,
  type SimulatedClaudeOptions,
} from '@agent-fleet/simulated-claude';
import type { CliSystem, StartedStandIn } from '../system.ts';
import { ensureFolder } from './paths.ts';

/** What a fleet on this machine calls: the model, and the stand-ins of its systems. */
export interface Surroundings {
  /** Null for the real model. */
  readonly claude: SimulatedClaude | null;
  /** Variables for every function. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface SurroundingsOptions {
  /** The fleet's data folder. */
  readonly dataDir: string;
  /** Milliseconds that one answer of the simulated model takes, or how to compute them. */
  readonly latencyMs: number | SimulatedClaudeOptions['latency'];
  /** The search of this machine that web searches of the simulated model ask. @default none: they fail as unavailable */
  readonly search?: SimulatedClaudeOptions['search'];
  /** The key of the real model; null for the simulated one. */
  readonly apiKey: string | null;
}

/** Starts the simulated Claude, unless there is a key for the real one, and each system's stand-ins. */
export async function startSurroundings(
  systems: readonly CliSystem[],
  options: SurroundingsOptions,
): Promise<Surroundings> {
  const started: StartedStandIn[] = [];
  const close = async (): Promise<void> => {
    for (const one of started.toReversed()) await one.close();
  };
  try {
    const claude = options.apiKey === null ? await simulatedClaude(systems, options) : null;
    if (claude) started.push({ environment: claude.environment, close: () => claude.close() });
    for (const { name, standIns = [] } of systems)
      for (const standIn of standIns)
        started.push(await standIn.start(ensureFolder(join(options.dataDir, 'stand-ins', name, standIn.name))));
    return { claude, environment: Object.assign({}, ...started.map(({ environment }) => environment)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function simulatedClaude(
  systems: readonly CliSystem[],
  { latencyMs, search, dataDir }: SurroundingsOptions,
): Promise<SimulatedClaude> {
  return startSimulatedClaude({
    latency: typeof latencyMs === 'number' ? { kind: 'fixed', ms: latencyMs } : latencyMs,
    ...(search && { search }),
    // The rule that improvises is for agents without a rule of their own: it matches everything.
    rules: [...systems.flatMap(({ claudeRules }) => claudeRules), IMPROVISE_RULE],
    dataDir,
  });
}
