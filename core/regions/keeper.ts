import { isFirstEpoch, nextEpoch, NO_EPOCH, regionOfEpoch, type RegionIndex } from './epoch.ts';
import { isNewer, NO_LEASE, type LeaseAnswer, type LeaseItem, type LeaseRequest } from './lease.ts';

/**
 * What one region knows of the lease of one home. Its holder changes the beat in all tables every few seconds; everyone
 * else watches the beats, and takes the home over when they stop.
 * 1. A region holds the home while a round that it _sent_ less than `quietMs - marginMs` ago was granted by two tables.
 * 2. A table's item may be replaced only when it stayed the same for `quietMs`, counted from the _receipt_ of the first
 *    answer that had it.
 *
 * Any round and any takeover share a table. There the beat was stored after the round was sent and before anybody saw
 * it, so whoever takes over waited for `quietMs` from a later moment than the one that the round counts from. `marginMs` covers
 * stopwatches of different speeds. A region that is cut off gets no grants, so it stops by itself before another begins.
 *
 * Times are milliseconds of the region's own stopwatch. Memory that is lost in a crash is not needed: a new keeper holds
 * nothing until a round of its own was granted.
 */
export interface Keeper {
  readonly region: RegionIndex;
  /** The region whose home it is. */
  readonly home: RegionIndex;
  /** By table: what it last had, and since when this keeper has seen that. Null before the first answer. */
  readonly seen: readonly (Seen | null)[];
  /** Rounds whose grants may still count, in the order in which they were sent. */
  readonly rounds: readonly Round[];
  /** The last beat that this keeper used. */
  readonly beat: number;
  /** The newest round that two tables granted. */
  readonly granted: Pick<Round, 'epoch' | 'sentAt'> | null;
}

interface Seen {
  readonly item: LeaseItem;
  readonly since: number;
}

interface Round {
  readonly epoch: number;
  readonly beat: number;
  readonly sentAt: number;
  /** The tables that granted it. */
  readonly by: readonly number[];
}

export interface LeaseTimes {
  /** How long an item must stay the same before it may be replaced. */
  readonly quietMs: number;
  /** How much earlier the holder stops. At 10% of `quietMs` it covers stopwatches that are 5% too slow and too fast. */
  readonly marginMs: number;
  /** How much longer each further candidate waits, so that two do not get in each other's way. */
  readonly staggerMs: number;
}

export const LEASE_TIMES: LeaseTimes = { quietMs: 30_000, marginMs: 3_000, staggerMs: 10_000 };

/** How often the holder begins a round, so that several may fail. */
export const BEAT_EVERY_MS = 5_000;

/** A home's lease is in this many tables, and two of them decide. */
export const LEASE_TABLES = 3;
const MAJORITY = 2;

/** A keeper that has seen nothing yet: of a new region, or after a restart. */
export const newKeeper = (region: RegionIndex, home: RegionIndex): Keeper => ({
  region,
  home,
  seen: Array.from({ length: LEASE_TABLES }, () => null),
  rounds: [],
  beat: 0,
  granted: null,
});

/** The epoch under which a region holds the home now, by its own stopwatch. Null if it does not. */
export function heldEpoch({ granted }: Keeper, now: number, times: LeaseTimes): number | null {
  return granted && now - granted.sentAt < times.quietMs - times.marginMs ? granted.epoch : null;
}

/** A request, and the table it goes to. */
export type SentRequest = LeaseRequest & { readonly table: number };

/**
 * Begins a round: the requests to send to the tables now.
 * @param serves false where work is not done or the home is to be handed over. Then it only watches.
 */
export function beginRound(
  keeper: Keeper,
  now: number,
  times: LeaseTimes,
  serves: boolean,
): { readonly keeper: Keeper; readonly requests: readonly SentRequest[] } {
  const aim = serves ? aimOf(keeper, now, times) : null;
  const reads = tablesOf(keeper).map((table): SentRequest => ({ kind: 'read', table }));
  if (!aim) return { keeper, requests: reads };
  const { epoch } = aim;
  const beat = 1 + Math.max(keeper.beat, ...keeper.seen.map((seen) => seen?.item.beat ?? 0));
  const writes = aim.tables.map(({ table, seen }): SentRequest => {
    const { item } = seen;
    return item.epoch === epoch
      ? { kind: 'beat', table, epoch, beat }
      : { kind: 'take', table, seen: item, epoch, beat };
  });
  const rounds = keeper.rounds.filter(({ sentAt }) => now - sentAt < times.quietMs);
  return {
    keeper: { ...keeper, beat, rounds: [...rounds, { epoch, beat, sentAt: now, by: [] }] },
    requests: reads.map((read) => writes.find(({ table }) => table === read.table) ?? read),
  };
}

/** Notes a table's answer at its receipt. */
export function noteAnswer(
  keeper: Keeper,
  { table, ...request }: SentRequest,
  answer: LeaseAnswer,
  now: number,
): Keeper {
  const before = keeper.seen[table] ?? null;
  const isNews = before === null || isNewer(answer.item, before.item);
  const seen = isNews ? keeper.seen.with(table, { item: answer.item, since: now }) : keeper.seen;
  if (request.kind === 'read' || !answer.granted) return { ...keeper, seen };
  const rounds = keeper.rounds.map((round) =>
    round.epoch === request.epoch && round.beat === request.beat && !round.by.includes(table)
      ? { ...round, by: [...round.by, table] }
      : round,
  );
  const granted = rounds.findLast(({ by }) => by.length >= MAJORITY);
  if (!granted) return { ...keeper, seen, rounds };
  // A round that was sent earlier would add nothing.
  const { epoch, sentAt } = granted;
  return { ...keeper, seen, rounds: rounds.slice(rounds.indexOf(granted) + 1), granted: { epoch, sentAt } };
}

interface Aim {
  readonly epoch: number;
  readonly tables: readonly { readonly table: number; readonly seen: Seen }[];
}

/** Under which epoch to write to which tables now. Null if fewer than two could grant it, so that nobody is disturbed in vain. */
function aimOf(keeper: Keeper, now: number, times: LeaseTimes): Aim | null {
  const all = tablesOf(keeper).flatMap((table) => {
    const seen = keeper.seen[table];
    return seen ? [{ table, seen }] : [];
  });
  const quiet = all.filter(({ seen }) => now - seen.since >= waitOf(keeper, seen.item, times));
  const epochs = all.map(({ seen }) => seen.item.epoch);
  const ours = Math.max(NO_EPOCH, ...epochs.filter((epoch) => regionOfEpoch(epoch) === keeper.region));
  const own = all.filter(({ seen }) => seen.item.epoch === ours && ours !== NO_EPOCH);
  // A candidate that got one table goes on with its epoch, so that two tables need not be quiet in the same round.
  // A first epoch replaces only what nobody ever held: under it nobody asks what earlier epochs promised.
  const below = isFirstEpoch(ours) ? NO_EPOCH + 1 : ours;
  const toTake = quiet.filter(({ seen }) => seen.item.epoch < below);
  if (own.length > 0 && own.length + toTake.length >= MAJORITY) return { epoch: ours, tables: [...own, ...toTake] };
  if (quiet.length < MAJORITY) return null;
  // What nobody ever held may have tasks from before the fleet grew. Only its own region begins without asking for them.
  const least = keeper.region === keeper.home ? NO_EPOCH : 0;
  return { epoch: nextEpoch(Math.max(least, ...epochs), keeper.region), tables: quiet };
}

/** How long an item must have stayed the same. What nobody ever held needs no wait in its own region. */
function waitOf({ region, home }: Keeper, item: LeaseItem, { quietMs, staggerMs }: LeaseTimes): number {
  if (item.epoch === NO_LEASE.epoch && region === home) return 0;
  const rank = (region - home + LEASE_TABLES) % LEASE_TABLES;
  return quietMs + Math.max(0, rank - 1) * staggerMs;
}

const tablesOf = ({ seen }: Keeper): readonly number[] => seen.map((_, table) => table);
