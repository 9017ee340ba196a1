import type { HomeHolders } from '#adapters/dynamodb/regions/home-holders.ts';
import type { RegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { noteMark, readNotedMark } from '#adapters/dynamodb/regions/noted-marks.ts';
import { isAtWork } from '#adapters/dynamodb/regions/returns.ts';
import type { EdgeMarks } from '#core/ports/edge-marks.ts';
import {
  afterLook,
  isDue,
  isLost,
  isSettled,
  MADE_BY_FLEET,
  markChange,
  type NotedMark,
} from '#core/regions/edge-marks.ts';
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
  readonly note: NotedMark;
}

/** What was changed at the edge: names of regions. */
export interface Marked {
  readonly lost: readonly string[];
  readonly back: readonly string[];
  /** Why a home could not be looked at, such as a missing permission. The other homes were. */
  readonly problem?: unknown;
}

/**
 * Marks the regions whose homes this one holds as lost or not. Each request to the store costs money, so it is asked only when
 * a home has come here, its region was lost or came back since, or the last check is an hour old.
 *
 * If another region writes the store meanwhile, nothing is changed, and the next minute tries again. A home that cannot be
 * looked at stays as it is, and the others do not wait for it.
 */
export async function markLost(ports: MarkLostPorts): Promise<Marked> {
  const now = (ports.now ?? Date.now)();
  const { due, problem } = await dueMarks(ports, now);
  const nothing = { lost: [], back: [], problem };
  if (due.length === 0) return nothing;
  const { marks, version } = await ports.store.read();
  const changed = (change: 'put' | 'delete') =>
    due.filter(({ name, note }) => markChange(marks.get(name), note.lost) === change).map(({ name }) => name);
  const [put, remove] = [changed('put'), changed('delete')];
  if (put.length + remove.length > 0) {
    const values = new Map(put.map((name) => [name, MADE_BY_FLEET]));
    if ((await ports.store.write(version, { put: values, remove })) === 'conflict') return nothing;
  }
  const settled = due.filter(({ name, note }) => isSettled(marks.get(name), note.lost));
  const { regions, clients } = ports;
  await Promise.all(settled.map(({ home, note }) => noteMark(regions, clients, home, { ...note, checkedAt: now })));
  return { lost: put, back: remove, problem };
}

/** Looks at the regions whose homes this one holds, and notes what changed. */
async function dueMarks(ports: MarkLostPorts, now: number): Promise<{ due: readonly Due[]; problem: unknown }> {
  const { regions, clients, holders } = ports;
  const held = await holders.heldHere();
  const seen = await Promise.allSettled(
    held.map(async ({ home, epoch }) => {
      const works = home === regions.index || (await isAtWork(ports, home));
      const lost = await isLost(works, () => isAtWork(ports, regions.index));
      if (lost === null) return [];
      const noted = await readNotedMark(regions, clients, home);
      const note = afterLook(noted, epoch, lost, now);
      if (note !== noted) await noteMark(regions, clients, home, note);
      return isDue(note, now) ? [{ home, name: regions.names[home] ?? '', note }] : [];
    }),
  );
  const problem: unknown = seen.find((look) => look.status === 'rejected')?.reason;
  return { due: seen.flatMap((look) => (look.status === 'fulfilled' ? look.value : [])), problem };
}
