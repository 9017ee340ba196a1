import { epochOfKey, keyAtEpoch } from '#core/regions/epoch.ts';
import type { Regions } from '../../aws/regions.ts';
import type { Item } from '../conditional-put.ts';

/** The sort key of an item that each region has for itself. The first region's stays as it is in a fleet of one. */
export const keyInRegion = (sk: string, { index, here }: Pick<Regions, 'index' | 'here'>): string =>
  index === 0 ? sk : `${sk}~${here}`;

/** The item with the sort key that it has in a fleet of one region, without an epoch or a region. */
export function withoutWriter(item: Item): Item {
  const key = item['sk']?.S;
  if (key === undefined) return item;
  const own = key.replace(/~[a-z]{2,8}$/, '');
  const epoch = epochOfKey(own);
  const suffix = keyAtEpoch('', epoch);
  return { ...item, sk: { S: suffix === '' ? own : own.slice(0, -suffix.length) } };
}
