import { Choices, shortHash } from '../random.ts';
import type { Calendar } from './calendar.ts';
import type { Company } from './companies.ts';
import { drawFacts, magnitudeOf } from './draw.ts';
import type { Happening } from './events.ts';
import type { EventKind } from './kinds.ts';
import { productOf, type Product } from './products.ts';

/** What a company sells for how much at a time, and what it is called. */
export interface State {
  readonly products: readonly Product[];
  readonly name: string;
  readonly shortName: string;
}

/** Happens on some night of a company: how often compared with the others, and which can hit rivals. */
const KINDS: readonly { readonly kind: EventKind; readonly weight: number; readonly hits: number }[] = [
  { kind: 'launch', weight: 4, hits: 0.8 },
  { kind: 'price-cut', weight: 3, hits: 0.8 },
  { kind: 'price-rise', weight: 2, hits: 0 },
  { kind: 'funding', weight: 2, hits: 0.3 },
  { kind: 'hire', weight: 3, hits: 0.3 },
  { kind: 'layoffs', weight: 2, hits: 0 },
  { kind: 'deal', weight: 3, hits: 0.6 },
  { kind: 'lawsuit', weight: 2, hits: 0 },
  { kind: 'outage', weight: 2, hits: 0.3 },
  { kind: 'results', weight: 3, hits: 0 },
  { kind: 'officer-change', weight: 2, hits: 0 },
];
const WEIGHTED = KINDS.flatMap((entry) => Array.from({ length: entry.weight }, () => entry));

const familyOf = (kind: EventKind): string => (kind.startsWith('price-') ? 'price' : kind);

/** How long before night 0 the history goes back. */
const HISTORY_DAYS = 120;

/** The course of one company: its events in order, and what is true of it after each of them. */
export class History {
  readonly company: Company;
  private readonly seed: number;
  private readonly calendar: Calendar;
  private readonly rivals: readonly Company[];
  /** New in a night, by night. */
  private readonly nights = new Map<number, readonly Happening[]>();
  private products: Product[];
  private made: number;
  private name: string;
  private shortName: string;
  private readonly states = new Map<number, State>();
  private reached = -1;

  constructor(seed: number, calendar: Calendar, company: Company, rivals: readonly Company[]) {
    this.seed = seed;
    this.calendar = calendar;
    this.company = company;
    this.rivals = rivals;
    this.made = new Choices(`${seed}/${company.id}/products`).between(2, 4);
    this.products = Array.from({ length: this.made }, (_, index) => productOf(seed, company, index));
    this.name = company.name;
    this.shortName = company.shortName;
  }

  /** Goes on to a night. `eventful` says of each night that was not reached yet what happens: how many events, and a rename. */
  advance(night: number, eventful: (night: number) => { readonly events: number; readonly rename: boolean }): void {
    for (let next = this.reached + 1; next <= night; next += 1) {
      const { events, rename } = eventful(next);
      const happened = next === 0 ? this.past() : this.happen(next, events, rename);
      if (happened.length > 0) this.nights.set(next, happened);
      if (happened.length > 0 || next === 0) {
        this.states.set(next, { products: [...this.products], name: this.name, shortName: this.shortName });
      }
      this.reached = next;
    }
  }

  /** What is new in a night. */
  newIn(night: number): readonly Happening[] {
    return this.nights.get(night) ?? [];
  }

  /** What has happened by a night, oldest first. */
  until(night: number): Happening[] {
    return [...this.nights].filter(([each]) => each <= night).flatMap(([, events]) => events);
  }

  /** What is true on a night. */
  state(night: number): State {
    const last = [...this.states.keys()].findLast((each) => each <= night);
    const state = this.states.get(last ?? -1);
    if (state === undefined) throw new Error(`${this.company.id} has not reached night ${night}.`);
    return state;
  }

  private past(): Happening[] {
    const choices = new Choices(`${this.seed}/${this.company.id}/past`);
    const days = choices.sample(
      Array.from({ length: HISTORY_DAYS }, (_, day) => -day - 1),
      choices.between(2, 4),
    );
    return days.sort((one, other) => one - other).map((day) => this.draw(0, day, choices.pick(WEIGHTED)));
  }

  private happen(night: number, events: number, rename: boolean): Happening[] {
    const choices = new Choices(`${this.seed}/${this.company.id}/night/${night}`);
    const kinds: (typeof KINDS)[number][] = [];
    for (const entry of choices.sample(WEIGHTED, WEIGHTED.length)) {
      // Two events of a night are of different kinds, and a price changes once.
      const alike = kinds.some(({ kind }) => familyOf(kind) === familyOf(entry.kind));
      if (kinds.length < events && !alike) kinds.push(entry);
    }
    const happened = kinds.map((entry) => this.draw(night, night, entry));
    return rename ? [...happened, this.draw(night, night, { kind: 'rename', hits: 0 })] : happened;
  }

  private draw(
    night: number,
    day: number,
    { kind, hits }: { readonly kind: EventKind; readonly hits: number },
  ): Happening {
    const key = `${this.seed}/${this.company.id}/${day}/${kind}`;
    const choices = new Choices(key);
    const [product] = choices.sample(this.products, 1);
    if (product === undefined) throw new Error(`${this.company.id} sells nothing.`);
    const next = productOf(this.seed, this.company, this.made);
    const newName = `${choices.pick(['Nova', 'Alto', 'Prima', 'Vero', 'Lumo'])} ${this.shortName}`;
    const facts = drawFacts(kind, choices, { product, next, newName, rivals: this.rivals.map(({ name }) => name) });
    const rivals = choices.chance(hits) ? choices.sample(this.rivals, 1) : [];
    const happening: Happening = {
      id: `e-${shortHash(key)}`,
      company: this.company,
      kind,
      night,
      at: this.calendar.at(day, choices.between(6 * 60, 12 * 60)),
      magnitude: magnitudeOf(kind, facts),
      facts,
      rivals,
      rivalProducts: rivals.map((rival) => productOf(this.seed, rival, 0).name),
      name: this.name,
      shortName: this.shortName,
    };
    this.apply(happening, next);
    return happening;
  }

  private apply({ kind, facts }: Happening, next: Product): void {
    if (kind === 'launch') {
      this.products.push(next);
      this.made += 1;
    }
    if (facts.oldPrice !== undefined && facts.price !== undefined) {
      const { product, price } = facts;
      this.products = this.products.map((each) => (each.name === product ? { ...each, price } : each));
    }
    if (kind === 'rename' && facts.newName !== undefined) this.name = this.shortName = facts.newName;
  }
}
