import { readItem, type Item, type Table } from '#adapters/dynamodb/conditional-put.ts';
import { heldKey, leaseKey } from '#adapters/dynamodb/regions/homes-table.ts';

/** One region's table of leases: its client, and `<prefix>-homes`. */
export type HomesPlace = Table;

/** The lease of a home as one table has it: whoever holds it in two of three holds the home. */
export interface LeaseView {
  readonly epoch: number;
  readonly beat: number;
}

/** What a region believes: that it holds a home under an epoch until then, by its own clock. */
export interface HeldView {
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What one region's table says of one home; null for what it does not have. */
export interface HomeView {
  readonly home: string;
  readonly lease: LeaseView | null;
  readonly held: HeldView | null;
}

/** Reads what one region's table says of the homes. */
export const readHomes = (place: HomesPlace, homes: readonly string[]): Promise<HomeView[]> =>
  Promise.all(
    homes.map(async (home): Promise<HomeView> => {
      const [lease, held] = await Promise.all([readItem(place, leaseKey(home)), readItem(place, heldKey(home))]);
      return {
        home,
        lease: lease && { epoch: numberIn(lease, 'epoch'), beat: numberIn(lease, 'beat') },
        held: held && { epoch: numberIn(held, 'epoch'), until: numberIn(held, 'until') },
      };
    }),
  );

/** Which homes a region believes, or believed, to hold. */
export const readHeld = async (
  place: HomesPlace,
  homes: readonly string[],
): Promise<readonly (HeldView & { readonly home: string })[]> =>
  (
    await Promise.all(
      homes.map(async (home) => {
        const held = await readItem(place, heldKey(home));
        return held === null ? [] : [{ home, epoch: numberIn(held, 'epoch'), until: numberIn(held, 'until') }];
      }),
    )
  ).flat();

const numberIn = (item: Item, name: string): number => Number(item[name]?.N ?? Number.NaN);

/** What all tables say of one home together. */
export interface Home {
  readonly home: string;
  /** The region that believes to hold it now; null if none does. Several would be a fault. */
  readonly holders: readonly string[];
  /** The newest epoch in two tables or more; null if there is none. */
  readonly epoch: number | null;
}

/** Combines what the regions' tables say, at a time in milliseconds since 1970. */
export function homesOf(
  views: readonly { readonly name: string; readonly homes: readonly HomeView[] }[],
  names: readonly string[],
  now: number,
): Home[] {
  return names.map((home) => {
    const all = views.flatMap(({ name, homes }) =>
      homes.filter((each) => each.home === home).map((view) => ({ name, view })),
    );
    const holders = all.filter(({ view }) => view.held !== null && view.held.until > now).map(({ name }) => name);
    const epochs = all.flatMap(({ view }) => view.lease?.epoch ?? []).toSorted((a, b) => b - a);
    return { home, holders, epoch: epochs[1] ?? null };
  });
}
