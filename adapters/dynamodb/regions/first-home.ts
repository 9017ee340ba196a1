import { HomeLost } from '#core/regions/homed-tasks.ts';
import { regionPartsHere, type RegionParts } from './region-parts.ts';

/**
 * Whether this region holds the home of the fleet's first one. What the whole fleet does once, such as the runs of a
 * schedule, is done by that region. True in a fleet of one region. Throws `HomeLost` while nobody holds it.
 * @param parts the regions of a global fleet @default those of the process
 */
export async function holdsFirstHome(
  parts: Pick<RegionParts, 'holders' | 'regions'> | null = regionPartsHere(),
): Promise<boolean> {
  if (!parts) return true;
  const held = await parts.holders.of(0);
  if (!held) throw new HomeLost('What the fleet does once');
  return held.holder === parts.regions.index;
}
