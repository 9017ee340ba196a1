/**
 * Epochs of a home. An epoch belongs to one region for ever: its remainder names the region. So two regions that try to
 * take a home over at once never write under the same epoch, and a key that carries an epoch has one writer.
 */

/** Regions that a fleet can ever have. Fixed, since stored epochs are read by it. */
export const MAX_REGIONS = 16;

/** A region's position in the fleet's list, which only grows at its end. The first region is 0. */
export type RegionIndex = number;

/** The epoch of an item that no region has written. */
export const NO_EPOCH = -1;

/** A region's next epoch of a home, above every epoch that was seen. */
export const nextEpoch = (seen: number, region: RegionIndex): number =>
  (Math.floor(seen / MAX_REGIONS) + 1) * MAX_REGIONS + region;

/** The region that an epoch belongs to. */
export const regionOfEpoch = (epoch: number): RegionIndex => epoch % MAX_REGIONS;

/** Whether an epoch is the first one of its home. Only a region that finds two tables without an item holds it. */
export const isFirstEpoch = (epoch: number): boolean => epoch === regionOfEpoch(epoch);

/** A sort key as an epoch of the home writes it. Epoch 0 has the key of a fleet of one region. */
export const keyAtEpoch = (key: string, epoch: number): string => (epoch === 0 ? key : `${key}@${epoch}`);

/** The epoch that wrote a sort key. */
export const epochOfKey = (key: string): number => Number(/@(\d+)$/.exec(key)?.[1] ?? 0);
