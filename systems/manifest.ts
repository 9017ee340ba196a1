import type { Agent } from '#core/agents/define-agent.ts';
import type { CliSystem } from '#cli/system.ts';
import type { StackSystem } from '#lib/system.ts';

/**
 * The manifest of a system: all that the CDK app, the command line and the local fleet need of it. `bin/systems.ts`
 * lists all systems. Parts that are slow to load, such as the stack and the agents, are loaded on demand.
 */
export interface System extends StackSystem, CliSystem {
  /** One sentence about what the system does. */
  readonly description: string;
  /** Loads its agents. Each has the versions that running tasks may still need as its `earlier`. */
  readonly agents: () => Promise<readonly Agent<never>[]>;
  /** Those of its agents, by name, that have a pool only with these settings. @default all of them always have one */
  readonly optional?: { readonly agents: readonly string[]; readonly settings: Readonly<Record<string, string>> };
  /** HTTP routes that it serves in addition to the task API: webhooks, and operations for callers with keys. */
  readonly routes?: readonly SystemRoute[];
}

export interface SystemRoute {
  /** Method and path, for example `POST /support/messages`. */
  readonly route: string;
  readonly description: string;
  /** Whether callers need a key of the task API. Others authenticate as the function demands. @default false */
  readonly keyed?: boolean;
}

/** Type-checks a manifest where it is written. */
export const defineSystem = (system: System): System => system;
