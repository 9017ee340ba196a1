import type { Construct } from 'constructs';
import type { Agent } from '#core/agents/define-agent.ts';
import { z } from 'zod';
import { ConfigError, systemSettings, type Config, type Context } from './config.ts';
import type { FleetStack } from './fleet-stack.ts';
import type { SystemProps } from './platform.ts';

/** A system's stack, made once per region. */
export type SystemStack = new (scope: Construct, props: SystemProps) => FleetStack;

/** What the CDK app needs from a system's manifest. */
export interface StackSystem {
  /** Names its folder, its stack and its settings. */
  readonly name: string;
  /** Its part of the configuration: `config/*.json` has it below `systems.<name>`, `-c <name>.<setting>=…` overrides it. */
  readonly settings: z.ZodObject;
  /** Loads the stack. Only the CDK app does: the CDK takes a second to load. */
  readonly stack: () => Promise<SystemStack>;
  /** Loads its agents, whose definitions are compared with its lock file. */
  readonly agents: () => Promise<readonly Agent<never>[]>;
}

/** A setting: the tenant that owns the tasks of a system's own way in, such as its webhook. @public settings of systems use it */
export const tenantSetting = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower case letters, digits and dashes, at most 63')
  .default('default');

/**
 * Returns the systems that `-c systems=a,b` chooses, all without it. Throws `ConfigError` for a name or a setting that
 * no system has, so that a slip is never ignored.
 */
export function chooseSystems<System extends Omit<StackSystem, 'agents'>>(
  systems: readonly System[],
  config: Config,
  context: Context,
): readonly System[] {
  for (const { name, settings } of systems) systemSettings(config, name, settings);
  const names = systems.map(({ name }) => name);
  const unknown = Object.keys(config.systems).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(
      `systems.${unknown} has settings, but there is no such system. Choose from ${names.join(', ')}. If you removed the system, remove its settings from the files in config/ too.`,
    );
  for (const { name, settings } of systems) {
    const moved = Object.keys(settings.shape).find((field) => context[field] !== undefined);
    if (moved !== undefined)
      throw new ConfigError(`${moved} is a setting of ${name}: give it as -c ${name}.${moved}=VALUE.`);
  }
  if (context['tenants'] !== undefined)
    throw new ConfigError('tenants is a setting of each system now: give it as -c SYSTEM.tenant=VALUE.');
  const chosen = context['systems'];
  if (chosen === undefined) return systems;
  const wanted = typeof chosen === 'string' ? chosen.split(',') : [JSON.stringify(chosen)];
  const missing = wanted.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw new ConfigError(`System "${missing}" not found. Choose from ${names.join(', ')} with -c systems=NAME,NAME.`);
  return systems.filter(({ name }) => wanted.includes(name));
}
