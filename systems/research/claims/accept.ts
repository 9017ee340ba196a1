import type { Claim, ReportedClaim, Source } from './claim.ts';
import { comparisonFor, type Comparison } from './compare.ts';
import { isConfirmed } from './confirmed.ts';
import { addressesModel } from './instructions.ts';
import { mentions } from '../strategy/names.ts';
import { standsIn } from './quotes.ts';

/** A snapshot of a document, as claims are checked against it. */
export interface Snapshot extends Omit<Source, 'quote'> {
  /** The id by which the analyst cites it. */
  readonly id: string;
  readonly text: string;
}

export interface AcceptOptions {
  /** The name of the company. */
  readonly company: string;
  /** The night, YYYY-MM-DD. */
  readonly night: string;
  /** All documents of the company, with copies of one story that the analyst did not read. */
  readonly snapshots: readonly Snapshot[];
  /** What was known before this night. */
  readonly known: readonly Claim[];
  /** What a single news site told on earlier nights. */
  readonly unconfirmed: readonly Claim[];
  /** Older events are no news. */
  readonly maxAgeDays: number;
  /** Makes an id from a text: the same for the same text. */
  readonly digest: (text: string) => string;
}

/** Two claims that give other figures for one thing. Both are shown: nobody chooses, and nothing is averaged. */
export interface Contradiction {
  readonly a: Claim;
  /** The one with fewer sources. It counts in no score. */
  readonly b: Claim;
}

/** What a night learned about a company. */
export interface Learned {
  /** Not known before. */
  readonly fresh: readonly Claim[];
  /** A known fact with another figure than before. */
  readonly changed: readonly { readonly claim: Claim; readonly before: Claim }[];
  /** Known before, with sources that were added. */
  readonly known: readonly Claim[];
  readonly contradictions: readonly Contradiction[];
  /** What a single news site tells. It is no news until somebody else tells it, on this night or a later one. */
  readonly unconfirmed: readonly Claim[];
  /** Refused claims by reason. */
  readonly refused: Readonly<Record<Refusal, number>>;
}
export type Refusal = 'not-quoted' | 'instruction' | 'stale';

/** Decides what the reported claims are worth: refuses, joins reports of one fact, and tells new from changed and known. */
export function acceptClaims(reported: readonly ReportedClaim[], options: AcceptOptions): Learned {
  const refused = { 'not-quoted': 0, instruction: 0, stale: 0 };
  const comparison = comparisonFor(options.company);
  const facts: Claim[] = [];
  const waiting: Claim[] = [];
  for (const each of options.unconfirmed) {
    const claim = claimOf(asReported(each), options);
    // A page that was not fetched this time says nothing about what it told.
    if (claim === 'not-quoted' && !isStale(each.date, options)) waiting.push(each);
    else if (typeof claim !== 'string' && !join(facts, claim, comparison)) facts.push(claim);
  }
  for (const each of reported) {
    const claim = claimOf(each, options);
    if (typeof claim === 'string') refused[claim] += 1;
    else if (!join(facts, claim, comparison)) facts.push(claim);
  }
  const learned = tellApart(facts, { waiting, known: options.known }, comparison);
  const told = [...learned.known, ...learned.fresh, ...learned.changed.map(({ claim }) => claim)];
  const still = waiting.filter((each) => !told.some((other) => comparison.isSameFact(other, each)));
  return { ...learned, unconfirmed: [...still, ...learned.unconfirmed], refused };
}

/** A claim of an earlier night, to be looked up in what was fetched on this one. */
const asReported = ({ date, undated, ...claim }: Claim): ReportedClaim => ({
  ...claim,
  source: '',
  date: undated === true ? null : date,
});

/** What was learned before a night. */
interface Before {
  /** What a single news site told, whose page was not fetched this time. It confirms, and is not cited. */
  readonly waiting: readonly Claim[];
  readonly known: readonly Claim[];
}

function tellApart(
  facts: readonly Claim[],
  { waiting, known: before }: Before,
  comparison: Comparison,
): Omit<Learned, 'refused'> {
  const known = [...before];
  const fresh: Claim[] = [];
  const changed: { claim: Claim; before: Claim }[] = [];
  const contradictions: Contradiction[] = [];
  const unconfirmed: Claim[] = [];
  const isRepeated = (claim: Claim): boolean =>
    waiting.some(
      (each) => isConfirmed({ sources: [...each.sources, ...claim.sources] }) && comparison.isSameFact(each, claim),
    );
  // Those with more sources first: they are told, and the others beside them.
  for (const claim of facts.toSorted((a, b) => b.sources.length - a.sources.length)) {
    if (join(known, claim, comparison)) continue;
    const disputed = [...known, ...fresh, ...changed.map((each) => each.claim)].find(
      (other) => other.disputes === undefined && comparison.contradicts(other, claim),
    );
    const old = before.findLast((other) => comparison.supersedes(claim, other));
    if (disputed !== undefined) contradictions.push({ a: disputed, b: { ...claim, disputes: disputed.id } });
    else if (!isConfirmed(claim) && !isRepeated(claim)) unconfirmed.push(claim);
    else if (old === undefined) fresh.push(claim);
    else changed.push({ claim, before: old });
  }
  return { fresh, changed, known, contradictions, unconfirmed };
}

function claimOf(reported: ReportedClaim, options: AcceptOptions): Claim | Refusal {
  const { night, snapshots, digest } = options;
  const { kind, text, quote, magnitude } = reported;
  if (addressesModel(quote) || addressesModel(text)) return 'instruction';
  const cited = snapshots.filter((snapshot) => standsIn(quote, snapshot.text));
  const first = cited.find(({ id }) => id === reported.source) ?? cited[0];
  if (first === undefined) return 'not-quoted';
  const date = dateOf(reported.date, first, night);
  const undated = reported.date === null && first.published === null;
  if (isStale(date, options)) return 'stale';
  const sources = [first, ...cited.filter((each) => each !== first)].map(
    ({ id: _id, text: _text, ...source }): Source => ({ ...source, quote: quote.trim() }),
  );
  const names = reported.names.filter((name) => mentions(quote, name));
  const id = `k${digest(JSON.stringify([kind, date, quote])).slice(0, 12)}`;
  return {
    id,
    kind,
    text: text.trim(),
    quote: quote.trim(),
    date,
    magnitude,
    names,
    sources,
    firstSeen: night,
    ...(undated && { undated }),
  };
}

const isStale = (date: string, { night, maxAgeDays }: AcceptOptions): boolean => daysBetween(date, night) > maxAgeDays;

const DAY_MS = 86_400_000;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** An event lies at most this far ahead. A page that says that it was published tomorrow or later is not believed. */
const MAX_DAYS_AHEAD = 400;

/** The day of an event: what the analyst read, unless it is absurd; else of the publication; else of the fetch. */
function dateOf(read: string | null, { published, fetched }: Snapshot, night: string): string {
  const day = (text: string | null): string | null => (text === null ? null : text.slice(0, 10));
  const isPlausible = (text: string | null, ahead: number): text is string =>
    text !== null && !Number.isNaN(Date.parse(text)) && daysBetween(night, text) <= ahead;
  const [own, printed, seen] = [day(read), day(published), day(fetched)];
  if (isPlausible(own, MAX_DAYS_AHEAD)) return own;
  if (isPlausible(printed, 1)) return printed;
  return isPlausible(seen, 1) ? seen : night;
}

/** Adds the claim's sources to the report of the same fact, if there is one. */
function join(facts: Claim[], claim: Claim, comparison: Comparison): boolean {
  const at = facts.findIndex((other) => comparison.isSameFact(other, claim));
  const same = facts[at];
  if (same === undefined) return false;
  const urls = new Set(same.sources.map(({ url }) => url));
  const added = claim.sources.filter(({ url }) => !urls.has(url));
  // The lower magnitude: a second report cannot raise what a first one said.
  const magnitude = Math.min(same.magnitude, claim.magnitude);
  const names = [...new Set([...same.names, ...claim.names])];
  const { undated, ...dated } = same;
  const date = undated === true ? claim.date : same.date;
  const kept = undated === true && claim.undated === true ? same : { ...dated, date };
  facts[at] = { ...kept, magnitude, names, sources: [...same.sources, ...added] };
  return true;
}
