import { systems } from '#bin/systems.ts';
import type { Findings } from './findings.ts';

export const fleetHas = (system: string): boolean => systems.some(({ name }) => name === system);

/** Whether the fleet has a system. If not, what needs it is noted as not checked. */
export function has(system: string, check: string, findings: Findings, isThere = fleetHas(system)): boolean {
  if (!isThere) findings.notChecked(check, `the ${system} system is not deployed`);
  return isThere;
}

/** Runs a phase that needs a system. Without the system nothing of it runs, and it is noted as not checked. */
export function phaseWith<Result>(
  system: string,
  name: string,
  findings: Findings,
  work: () => Promise<Result>,
  isThere = fleetHas(system),
): Promise<Result | undefined> {
  return findings.phase(name, async () => (has(system, name, findings, isThere) ? work() : undefined));
}
