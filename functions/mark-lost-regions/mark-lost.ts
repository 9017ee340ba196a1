import type { HomeHolders } from '#adapters/dynamodb/regions/home-holders.ts';
import type { RegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { noteMark, readNotedMark } from '#adapters/dynamodb/regions/noted-marks.ts';
import { isAtWork } from '#adapters/dynamodb/regions/returns.ts';
import type { EdgeMarks } from '#core/ports/edge-marks.ts';
import { isLost, MADE_BY_FLEET, markChange } from '#core/regions/edge-marks.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';

export interface MarkLostPorts extends Pick<RegionParts, 'regions' | 'clients'> {
  readonly holders: Pick<HomeHolders, 'heldHere'>;
  readonly store: EdgeMarks;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/** A region whose home this one holds, and whose mark may be wrong. */
interface Due {
  readonly home: RegionIndex;
  readonly name: string;
  readonly epoch: number;
  readonly lost: boolean;
}

/** What was changed at the edge: names of regions. */
export interface Marked {
  readonly lost: readonly string[];
  readonly back: readonly string[];
}

/**
 * Marks the regions whose homes this one holds as lost or not. The store is asked only when a home has come here, or its
 * region was lost or came back since: each request to it costs a tenth of a cent.
 *
 * If another region writes the store meanwhile, nothing is changed, and the next minute tries again.
 */
export async function markLost(ports: MarkLostPorts): Promise<Marked> {
  const due = await dueMarks(ports);
  if (due.length === 0) return { lost: [], back: [] };
  const { marks, version } = await ports.store.read();
  const changed = (change: 'put' | 'delete') =>
    due.filter(({ name, lost }) => markChange(marks.get(name), lost) === change).map(({ name }) => name);
  const [put, remove] = [changed('put'), changed('delete')];
  if (put.length + remove.length > 0) {
    const values = new Map(put.map((name) => [name, MADE_BY_FLEET]));
    if ((await ports.store.write(version, { put: values, remove })) === 'conflict') return { lost: [], back: [] };
  }
  await Promise.all(due.map(({ home, epoch, lost }) => noteMark(ports.regions, ports.clients, home, { epoch, lost })));
  return { lost: put, back: remove };
}

async function dueMarks(ports: MarkLostPorts): Promise<readonly Due[]> {
  const { regions, clients, holders } = ports;
  const held = await holders.heldHere();
  const seen = await Promise.all(
    held.map(async ({ home, epoch }) => {
      const works = home === regions.index || (await isAtWork(ports, home));
      const lost = isLost(regions.index, home, works);
      const noted = await readNotedMark(regions, clients, home);
      const isNoted = noted?.epoch === epoch && noted.lost === lost;
      return isNoted ? [] : [{ home, name: regions.names[home] ?? '', epoch, lost }];
    }),
  );
  return seen.flat();
}
