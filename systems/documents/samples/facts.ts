import { shiftDate, writeDate, writeSpan } from './dates.ts';
import type { DateStyle } from './dates.ts';
import type { Dice } from '#core/chance/dice.ts';
import { places, regionOf, words } from './places.ts';
import type { Place, Region } from './places.ts';
import type { Template } from './template.ts';

/** The facts of one contract, drawn before its text is generated. */
export interface Facts {
  readonly title: string;
  readonly reference: string;
  readonly place: Place;
  readonly region: Region;
  readonly parties: readonly [Party, Party, Party];
  readonly roles: readonly [string, string];
  /** YYYY-MM-DD. Null if the contract states no day. */
  readonly effectiveDate: string | null;
  readonly dateStyle: DateStyle;
  /** The day next to each party's signature. Null if it is blank. */
  readonly signed: readonly (string | null)[];
  /** The conditions that wordings can require with `needs:`. */
  readonly flags: ReadonlySet<string>;
  /** The printed values of the placeholders, by name. */
  readonly values: ReadonlyMap<string, string>;
}

interface Party {
  readonly name: string;
  readonly body: string;
  readonly address: string;
  readonly signer: string;
  /** The signer's office. Null if the party is a person. */
  readonly office: string | null;
}

/** Draws the facts of one contract. `number` makes its reference unique within a sample. */
export function drawFacts(template: Template, number: number, dice: Dice): Facts {
  const allowed = template.settings['regions']?.split(',').map((region) => region.trim());
  const possible = places.filter((place) => allowed === undefined || allowed.includes(place.region));
  const home = dice.pick(possible);
  // Usually the law of the first party's home, sometimes that of a neighbouring or another place.
  const near = possible.filter((place) => place.region === home.region);
  const place = dice.chance(0.7) ? home : dice.pick(dice.chance(0.7) ? near : possible);
  const region = regionOf(home);
  const parties = drawParties(template, home, dice);
  const { date, flags, signed } = drawDates(template, dice);
  for (const flag of drawFlags(template, dice)) flags.add(flag);
  const title = dice.pick(split(template.settings['titles'] ?? 'Agreement', '|'));
  const roles = split(dice.pick(split(template.settings['roles'] ?? 'Supplier & Customer', '|')), '&') as [
    string,
    string,
  ];
  const reference = `${title.replaceAll(/[^A-Z]/g, '')}-${date.slice(0, 4)}-${String(number).padStart(5, '0')}`;
  const dateStyle = dice.pick(region.dates);
  const facts = { title, reference, place, region, parties, roles, dateStyle, signed, flags };
  const values = new Map([
    ...partyValues(facts),
    ...timeValues(template, date, dateStyle, dice),
    ...otherValues(facts, dice),
  ]);
  return { ...facts, effectiveDate: flags.has('no-date') ? null : date, values };
}

function drawParties(template: Template, home: Place, dice: Dice): [Party, Party, Party] {
  const kinds = split(template.settings['counterparts'] ?? 'company & company', '&');
  const neighbours = places.filter(({ region }) => region === home.region);
  const taken = new Set<string>();
  const draw = (kind: string | undefined, seat: Place): Party => {
    let party: Party;
    do party = kind === 'person' ? drawPerson(seat, dice) : drawCompany(seat, dice);
    while (taken.has(party.name));
    taken.add(party.name);
    return party;
  };
  const away = dice.chance(0.7) || kinds[1] === 'person' ? dice.pick(neighbours) : dice.pick(places);
  return [draw(kinds[0], home), draw(kinds[1], away), draw('company', dice.pick(neighbours))];
}

function drawCompany(seat: Place, dice: Dice): Party {
  const region = regionOf(seat);
  const [ending, form] = dice.pick(region.forms);
  const body = region.body.replace('{{home}}', seat.name).replace('{{form}}', form);
  return {
    name: `${dice.pick(region.first)} ${dice.pick(region.second)}${ending}`,
    body: /^a [aeiouAEIOU]/.test(body) ? body.replace('a ', 'an ') : body,
    address: `${dice.pick(region.streets)}, ${dice.pick(seat.cities)}`,
    signer: drawName(dice),
    office: oneWord('officer', dice),
  };
}

function drawPerson(seat: Place, dice: Dice): Party {
  const name = drawName(dice);
  const address = `${dice.pick(regionOf(seat).streets)}, ${dice.pick(seat.cities)}`;
  return { name, body: 'an individual', address, signer: name, office: null };
}

const INITIALS = 'A B C D E F G H J K L M P R S T'.split(' ');

function drawName(dice: Dice): string {
  const initial = dice.chance(0.2) ? ` ${dice.pick(INITIALS)}.` : '';
  return `${oneWord('firstName', dice)}${initial} ${oneWord('lastName', dice)}`;
}

/** Draws the effective date, how the contract states it, and the days of signature. */
function drawDates(template: Template, dice: Dice): { date: string; flags: Set<string>; signed: (string | null)[] } {
  const someDay = shiftDate('2014-01-06', dice.int(0, 160), dice.int(0, 27));
  const roll = template.settings['dates'] === 'stated' ? 0 : dice.next();
  if (roll > 0.9) {
    // It takes effect on the last signature. Only the signature blocks have that date.
    const later = shiftDate(someDay, 0, dice.int(0, 20));
    const signed = dice.chance(0.5) ? [someDay, later] : [later, someDay];
    return { date: later, flags: new Set(['signature-date']), signed };
  }
  if (roll > 0.85) return { date: someDay, flags: new Set(['no-date']), signed: [null, null] };
  const near = (): string => shiftDate(someDay, 0, dice.int(-12, 6));
  const signed = dice.chance(0.5) ? [near(), near(), near()] : [null, null, null];
  return { date: someDay, flags: new Set(['stated-date']), signed };
}

function drawFlags(template: Template, dice: Dice): string[] {
  const { cover = 'never', terms = 'mixed' } = template.settings;
  const covered = cover === 'always' || (cover === 'sometimes' && dice.chance(0.3));
  const fixed = terms === 'fixed' || dice.chance(0.8);
  return [covered ? 'cover' : 'no-cover', fixed ? 'fixed-term' : 'open-term'];
}

function partyValues({ parties, roles }: Pick<Facts, 'parties' | 'roles'>): [string, string][] {
  const ofParty = (party: Party, letter: string): [string, string][] => [
    [`party${letter}`, party.name],
    [`body${letter}`, party.body],
    [`address${letter}`, party.address],
    [`signer${letter}`, party.signer],
  ];
  const [a, b, c] = parties;
  const named = [...ofParty(a, 'A'), ...ofParty(b, 'B'), ...ofParty(c, 'C')];
  return [...named, ['roleA', roles[0]], ['roleB', roles[1]]];
}

function timeValues(template: Template, date: string, style: DateStyle, dice: Dice): [string, string][] {
  const [low = 12, high = 36] = (template.settings['term'] ?? '12-36').split('-').map(Number);
  // Most terms are a multiple of half a year.
  const months = Math.max(1, dice.chance(0.85) ? 6 * Math.round(dice.int(low, high) / 6) : dice.int(low, high));
  return [
    ['effectiveDate', writeDate(date, style)],
    ['earlierDate', writeDate(shiftDate(date, 0, -dice.int(20, 400)), style)],
    ['endDate', writeDate(shiftDate(date, months, -1), style)],
    ['laterDate', writeDate(shiftDate(date, dice.int(1, 3), dice.int(0, 20)), style)],
    ['term', writeSpan(months, 'month', dice)],
    ['renewal', writeSpan(dice.pick([6, 12, 12, 12, 24]), 'month', dice)],
    ['notice', writeSpan(dice.pick([30, 60, 60, 90, 120]), 'day', dice)],
    ['cure', writeSpan(dice.pick([10, 14, 15, 20, 30, 30, 45]), 'day', dice)],
    ['survival', writeSpan(dice.pick([1, 2, 3, 3, 5, 5, 7]), 'year', dice)],
  ];
}

function otherValues(facts: Pick<Facts, 'title' | 'reference' | 'place' | 'region'>, dice: Dice): [string, string][] {
  const money = (amount: number): string => dice.pick(facts.region.currencies) + amount.toLocaleString('en-US');
  const listed = [...words].map(([topic, choices]): [string, string] => [topic, dice.pick(choices)]);
  return [
    ...listed,
    ['title', facts.title],
    ['reference', facts.reference],
    ['place', facts.place.name],
    ['law', dice.pick(facts.place.laws)],
    ['courts', facts.place.courts],
    ['amount', money(500 * dice.int(10, 900))],
    ['smallAmount', money(25 * dice.int(20, 300))],
    ['percent', `${dice.pick(['1', '1.5', '2', '0.75'])}%`],
    ['quantity', (50 * dice.int(2, 400)).toLocaleString('en-US')],
  ];
}

function oneWord(topic: string, dice: Dice): string {
  return dice.pick(words.get(topic) ?? []);
}

function split(text: string, separator: string): string[] {
  return text.split(separator).map((part) => part.trim());
}
