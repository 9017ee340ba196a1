/** The fleet that the environment names. */
export interface FleetEnvironment {
  readonly url: string | undefined;
  readonly key: string | undefined;
  /** The prefix of its stacks, for commands that the task API does not serve. */
  readonly prefix: string | undefined;
}

/**
 * Reads `FLEET_URL`, `FLEET_KEY` and `FLEET_PREFIX` once, and removes the key from the environment, so that no child
 * process inherits it.
 */
function take(): FleetEnvironment {
  const said = (name: string): string | undefined => process.env[name]?.trim() || undefined;
  const environment = { url: said('FLEET_URL'), key: said('FLEET_KEY'), prefix: said('FLEET_PREFIX') };
  delete process.env['FLEET_KEY'];
  return environment;
}

export const fleetEnvironment = take();
