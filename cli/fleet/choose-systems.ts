import type { CliSystem } from '../system.ts';
import { wrongUsage } from '../user-error.ts';

/** The systems named in `--systems a,b`; all without it. Throws wrong usage for an unknown name. */
export function chooseSystems(systems: readonly CliSystem[], names: string | undefined): readonly CliSystem[] {
  if (names === undefined) return systems;
  const wanted = names.split(',').map((name) => name.trim());
  const known = systems.map(({ name }) => name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw wrongUsage(`System "${unknown}" not found.`, `Choose from ${known.join(', ')}: --systems NAME,NAME.`);
  return systems.filter(({ name }) => wanted.includes(name));
}
