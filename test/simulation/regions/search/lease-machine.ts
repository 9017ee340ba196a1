import type { Keeper, LeaseTimes, SentRequest } from '#core/regions/keeper.ts';
import type { LeaseItem } from '#core/regions/lease.ts';
import type { RegionsCore } from '../core.ts';
import type { Machine } from './breadth-first.ts';

export interface LeaseBounds {
  /** Rounds that the keeper of each region may begin. The first region is the home's own. */
  readonly rounds: readonly number[];
  /** How fast each region's stopwatch is: how far it advances in a tick. */
  readonly speeds: readonly number[];
  readonly ticks: number;
  /** Keepers that may restart, without memory. */
  readonly crashes: number;
  /** Grants that may arrive a second time. Requests may arrive any number of times. */
  readonly duplicates: number;
  /**
   * - `free`: everything happens in any order, and any table is read at any time.
   * - `phased`: in a tick, first rounds begin, then requests arrive, then grants. A keeper reads what another one wrote
   *   at once or never. A read at once is the most dangerous one, since the wait for a takeover begins with it.
   */
  readonly order: 'free' | 'phased';
  /** Whether the home has never been held. @default its own region has just held it */
  readonly isNew?: boolean;
}

/** `quietMs` is two ticks. Stopwatches are up to 10% too slow and too fast, for which the margin must be at least 3.7. */
export const SEARCH_TIMES: LeaseTimes = { quietMs: 20, marginMs: 4, staggerMs: 0 };
export const SLOW = 9;
export const FAST = 11;

/** A write under way: the request, or the grant on its way back. */
interface Message {
  readonly by: number;
  readonly life: number;
  readonly request: Exclude<SentRequest, { readonly kind: 'read' }>;
  readonly granted: LeaseItem | null;
}

interface Party {
  /** Its times are relative to now. */
  readonly keeper: Keeper;
  readonly roundsLeft: number;
  /** A keeper begins at most one round per tick. */
  readonly mayAct: boolean;
  /** Grants to an earlier life are not delivered. */
  readonly life: number;
}

interface LeaseState {
  readonly tables: readonly LeaseItem[];
  readonly parties: readonly Party[];
  readonly bag: readonly Message[];
  /** What may happen now, unless the order is free: rounds begin, requests arrive or grants arrive. */
  readonly phase: 0 | 1 | 2;
  readonly ticksLeft: number;
  readonly crashesLeft: number;
  readonly duplicatesLeft: number;
  /** The highest epoch under which anybody ever held the home. */
  readonly highest: number;
  /** A first epoch was held after another one. Its holder would not ask what the other promised. */
  readonly isFirstTwice: boolean;
}

type Change = readonly [what: string, after: LeaseState];

/**
 * The lease of one home between keepers of several regions, with everything that a network and a crash can do to it.
 *
 * Requests and grants wait in a bag until they are delivered, in any order, or never. So they are lost, late and
 * reordered, regions are cut off in one or both directions, and tables are gone. Requests arrive again and again, and some grants twice. A keeper
 * acts when it likes, so it also stands still. It may read any table at any time.
 *
 * Two reductions keep the number of states small. A request that its table rejects is dropped: the table would reject it
 * for ever, and what the answer says can be read. Tables that differ in nothing but their number are the same.
 */
export class LeaseMachine implements Machine<LeaseState> {
  readonly #core: RegionsCore;
  readonly #bounds: LeaseBounds;

  constructor(core: RegionsCore, bounds: LeaseBounds) {
    this.#core = core;
    this.#bounds = bounds;
  }

  get initial(): readonly LeaseState[] {
    const { rounds, ticks: ticksLeft, crashes: crashesLeft, duplicates: duplicatesLeft } = this.#bounds;
    // The home's own region held it until now. Everyone has just read that in all tables. Copies of its last requests
    // are still under way.
    const item = this.#bounds.isNew ? this.#core.NO_LEASE : { epoch: 0, beat: 1 };
    const tables = [item, item, item];
    const seen = tables.map((item) => ({ item, since: 0 }));
    const parties = rounds.map((roundsLeft, region) => ({
      keeper: { ...this.#core.newKeeper(region, 0), seen },
      roundsLeft,
      mayAct: true,
      life: 0,
    }));
    const copies = tables.map((item, table): Message => {
      return { by: 0, life: -1, request: { kind: 'beat', table, ...item }, granted: null };
    });
    const state: LeaseState = {
      tables,
      parties,
      bag: [],
      phase: 0,
      ticksLeft,
      crashesLeft,
      duplicatesLeft,
      highest: -1,
      isFirstTwice: false,
    };
    return [this.#kept(state, copies)];
  }

  *next(state: LeaseState): Generator<{ what: string; state: LeaseState }> {
    for (const [what, after] of this.#changes(state)) yield { what, state: this.#noteHighest(after) };
  }

  *#changes(state: LeaseState): Generator<Change> {
    const { phase, parties, bag } = state;
    const isFree = this.#bounds.order === 'free';
    if (!isFree && phase < 2) yield ['the next phase begins', { ...state, phase: phase === 0 ? 1 : 2 }];
    else if (state.ticksLeft > 0) yield ['a tick passes', this.#tick(state)];
    if (isFree || phase === 0) {
      for (const [region, party] of parties.entries()) {
        if (isFree) yield* this.#reads(state, region, party);
        yield* this.#begins(state, region, party);
        if (state.crashesLeft > 0 && party.life === 0) yield* this.#crashes(state, region, party);
      }
    }
    for (const [index, message] of bag.entries()) {
      if (!isFree && phase !== (message.granted === null ? 1 : 2)) continue;
      // A copy of each request stays under way.
      const rest = message.granted === null ? state : { ...state, bag: bag.toSpliced(index, 1) };
      yield* this.#readAfter(nameOf(message), this.#deliver(rest, message), message);
      if (state.duplicatesLeft > 0 && message.granted !== null)
        yield [
          `${nameOf(message)}, once`,
          this.#deliver({ ...state, duplicatesLeft: state.duplicatesLeft - 1 }, message),
        ];
    }
  }

  text({ tables, parties, bag, phase, ticksLeft, crashesLeft, duplicatesLeft, highest }: LeaseState): string {
    const byTable = tables.map(({ epoch, beat }, table) => {
      const known = parties.map(({ keeper: { seen, rounds } }) => {
        const at = seen[table];
        const item = at ? `${at.item.epoch}.${at.item.beat}${at.since}` : '';
        return `${item};${rounds.map(({ by }) => (by.includes(table) ? 'y' : 'n')).join('')}`;
      });
      const messages = bag.filter(({ request }) => request.table === table).map(textOf);
      return `${epoch}.${beat},${known.join()},${messages.sort().join()}`;
    });
    const own = parties.map(({ keeper: { rounds, beat, granted }, roundsLeft, mayAct, life }) => {
      // A mutant may count the same table twice.
      const begun = rounds.map((round) => `${round.epoch}.${round.beat}${round.sentAt}*${round.by.length}`).join();
      return `${begun};${beat};${granted ? `${granted.epoch}${granted.sentAt}` : ''};${roundsLeft}${mayAct ? '+' : ''}${life}`;
    });
    return `${byTable.sort().join('|')}|${own.join('|')}|${phase}${ticksLeft}/${crashesLeft}/${duplicatesLeft}/${highest}`;
  }

  problem(state: LeaseState): string | null {
    const epochs = this.#heldBy(state);
    if (epochs.filter((epoch) => epoch !== null).length > 1) return `held by two regions at once: ${epochs.join(', ')}`;
    if (state.isFirstTwice) return `held under the first epoch ${state.highest}, although it had been held before`;
    const late = epochs.find((epoch) => epoch !== null && epoch < state.highest);
    return late === undefined ? null : `held under epoch ${late}, after it was held under ${state.highest}`;
  }

  features(state: LeaseState): readonly string[] {
    const epochs = this.#heldBy(state);
    const holder = epochs.findIndex((epoch) => epoch !== null);
    if (holder < 0) return state.highest > 0 ? ['lost by the second holder'] : [];
    return [
      `held by region ${holder}`,
      ...(state.parties[holder]?.life === 1 ? ['held by a keeper that restarted'] : []),
      ...(holder === 0 && (epochs[0] ?? 0) > 0 ? ['held again by the first region'] : []),
    ];
  }

  #heldBy({ parties }: LeaseState): readonly (number | null)[] {
    return parties.map(({ keeper }) => this.#core.heldEpoch(keeper, 0, SEARCH_TIMES));
  }

  #noteHighest(state: LeaseState): LeaseState {
    const highest = Math.max(state.highest, ...this.#heldBy(state).map((epoch) => epoch ?? -1));
    if (highest === state.highest) return state;
    return { ...state, highest, isFirstTwice: state.highest >= 0 && this.#core.isFirstEpoch(highest) };
  }

  #tick(state: LeaseState): LeaseState {
    const parties = state.parties.map((party, region) => {
      const keeper = later(party.keeper, this.#bounds.speeds[region] ?? SLOW);
      return { ...party, keeper, mayAct: true };
    });
    return { ...state, parties, phase: 0, ticksLeft: state.ticksLeft - 1 };
  }

  /** What follows a write: each other keeper reads it at once, or not. */
  *#readAfter(what: string, after: LeaseState, { by, granted, request }: Message): Generator<Change> {
    yield [what, after];
    if (this.#bounds.order === 'free' || granted !== null) return;
    const item = after.tables[request.table] ?? this.#core.NO_LEASE;
    const read = { kind: 'read', table: request.table } as const;
    let everyone = after;
    for (const [region, party] of after.parties.entries()) {
      if (region === by && party.life === 0) continue;
      const keeper = this.#core.noteAnswer(party.keeper, read, { granted: false, item }, 0);
      everyone = withParty(everyone, region, { ...party, keeper });
      yield [`${what}, and region ${region} reads it`, withParty(after, region, { ...party, keeper })];
    }
    if (after.parties.length > 2) yield [`${what}, and everyone reads it`, everyone];
  }

  *#reads(state: LeaseState, region: number, party: Party): Generator<Change> {
    for (const [table, item] of state.tables.entries()) {
      const request = { kind: 'read', table } as const;
      const keeper = this.#core.noteAnswer(party.keeper, request, { granted: false, item }, 0);
      if (keeper.seen[table] === party.keeper.seen[table] && keeper.granted === party.keeper.granted) continue;
      yield [`region ${region} reads table ${table}`, withParty(state, region, { ...party, keeper })];
    }
  }

  *#begins(state: LeaseState, region: number, party: Party): Generator<Change> {
    if (!party.mayAct || party.roundsLeft === 0) return;
    const { keeper, requests } = this.#core.beginRound(party.keeper, 0, SEARCH_TIMES, true);
    const sent = requests.flatMap((request): Message[] =>
      request.kind === 'read' ? [] : [{ by: region, life: party.life, request, granted: null }],
    );
    if (sent.length === 0) return;
    const after = { ...party, keeper, roundsLeft: party.roundsLeft - 1, mayAct: false };
    yield [`region ${region} begins a round`, withParty(this.#kept(state, sent), region, after)];
  }

  *#crashes(state: LeaseState, region: number, party: Party): Generator<Change> {
    const keeper = this.#core.newKeeper(region, 0);
    const bag = state.bag.filter(({ by, granted }) => by !== region || granted === null);
    const after = { ...state, bag, crashesLeft: state.crashesLeft - 1 };
    yield [`the keeper of region ${region} restarts`, withParty(after, region, { ...party, keeper, life: 1 })];
  }

  #deliver(state: LeaseState, message: Message): LeaseState {
    const { request, by, life, granted } = message;
    const party = state.parties[by];
    if (granted !== null) {
      if (!party) return state;
      const keeper = this.#core.noteAnswer(party.keeper, request, { granted: true, item: granted }, 0);
      const after = withParty(state, by, { ...party, keeper });
      return this.#kept({ ...after, bag: [] }, after.bag);
    }
    const answer = this.#core.answerLease(state.tables[request.table] ?? this.#core.NO_LEASE, request);
    if (!answer.granted) return state;
    const written = { ...state, tables: state.tables.with(request.table, answer.item), bag: [] };
    return this.#kept(written, [...state.bag, ...(party?.life === life ? [{ ...message, granted: answer.item }] : [])]);
  }

  /** Adds messages to the bag, without requests that their tables reject. */
  #kept(state: LeaseState, messages: readonly Message[]): LeaseState {
    const hopeful = messages.filter(({ by, request, granted }) => {
      if (granted !== null) return isAwaited(state.parties[by], request);
      return this.#core.answerLease(state.tables[request.table] ?? this.#core.NO_LEASE, request).granted;
    });
    const bag = new Map(
      [...state.bag, ...hopeful].map((message) => [`${message.request.table}:${textOf(message)}`, message]),
    );
    return { ...state, bag: [...bag.values()] };
  }
}

const withParty = (state: LeaseState, region: number, party: Party): LeaseState => ({
  ...state,
  parties: state.parties.with(region, party),
});

/** Whether a grant may still count. What else it says can be read. */
const isAwaited = (party: Party | undefined, request: Message['request']): boolean =>
  party?.keeper.rounds.some(({ epoch, beat }) => epoch === request.epoch && beat === request.beat) ?? false;

/** A keeper after its stopwatch advanced, with times relative to the new now. Beyond `quietMs`, all ages are alike. */
function later(keeper: Keeper, by: number): Keeper {
  const { quietMs } = SEARCH_TIMES;
  const aged = (time: number): number => Math.max(-quietMs, time - by);
  const granted = keeper.granted && { ...keeper.granted, sentAt: aged(keeper.granted.sentAt) };
  return {
    ...keeper,
    seen: keeper.seen.map((seen) => seen && { ...seen, since: aged(seen.since) }),
    rounds: keeper.rounds
      .map((round) => ({ ...round, sentAt: aged(round.sentAt) }))
      .filter(({ sentAt }) => sentAt > -quietMs),
    granted: granted && granted.sentAt > -quietMs ? granted : null,
  };
}

function textOf({ request, by, life, granted }: Message): string {
  const seen = request.kind === 'take' ? `<${request.seen.epoch}.${request.seen.beat}` : '';
  return `${by}${life}${request.epoch}.${request.beat}${seen}${granted ? '+' : ''}`;
}

const nameOf = ({ by, request, granted }: Message): string =>
  granted === null
    ? `region ${by}'s ${request.kind} (${request.epoch}, ${request.beat}) arrives at table ${request.table}`
    : `table ${request.table}'s grant of (${request.epoch}, ${request.beat}) arrives at region ${by}`;
