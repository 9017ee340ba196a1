import { inParallel } from '../../concurrency/in-parallel.ts';
import type { PoolPorts } from '../../pools/pause.ts';
import type { PoolStore } from '../../ports/pool-store.ts';
import { unavailable } from '../http/problem.ts';

export interface EachRegionPorts extends PoolPorts {
  /** The pools of the other regions of a global fleet, by the regions' names. @default the fleet has one region */
  readonly poolsElsewhere?: ReadonlyMap<string, PoolStore> | undefined;
}

/**
 * Changes what holds tasks in each region of the fleet, since each has an item of its own. Returns this region's. Throws
 * `ApiProblem` with the names of the regions that did not take the change. The request can be repeated. Those that did take it
 * take it again: a pause stays as it is, and the steps of a resume begin anew.
 */
export async function inEachRegion<T>(
  { poolsElsewhere = new Map<string, PoolStore>(), ...ports }: EachRegionPorts,
  change: (ports: PoolPorts) => Promise<T>,
): Promise<T> {
  const here = await change(ports);
  const missed = await inParallel([...poolsElsewhere], async ([name, pools]) => {
    const taken = change({ ...ports, pools }).then(() => []);
    return taken.catch(() => [name]);
  });
  const names = missed.flat().join(', ');
  if (names === '') return here;
  throw unavailable(`The change holds in this region, but could not be written in: ${names}.`, [
    {
      field: 'path',
      message: `could not be changed in ${names}`,
      remedy: `Send the request again until it succeeds, at the latest when ${names} can be reached again.`,
    },
  ]);
}
