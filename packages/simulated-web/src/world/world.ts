import { assignFaults } from '../faults/assign.ts';
import { FAULTS, type FaultName } from '../faults/names.ts';
import type { Options } from '../options.ts';
import { first } from '../prose/first/index.ts';
import { second } from '../prose/second/index.ts';
import type { Prose } from '../prose/types.ts';
import { Choices } from '../random.ts';
import { NEWS_SITES } from '../stories/channels.ts';
import { Calendar } from './calendar.ts';
import { chooseCompanies, type Company } from './companies.ts';
import type { Happening } from './events.ts';
import { History } from './history.ts';
import { styleOf, type Style } from './style.ts';

const PROSE: Readonly<Record<Options['prose'], Prose>> = { first, second };

/** Stories of 500 companies on their sites and in the news, for two nights. */
const MAX_REMEMBERED = 2_000;

export const EDGAR_HOSTS = ['data.sec.test', 'www.sec.test'];
export const SEARCH_HOST = 'search.test';
export const NEWS_HOSTS = Array.from({ length: NEWS_SITES }, (_, index) => `news-${index + 1}.test`);

/**
 * The companies and what happens to them.
 *
 * 1. Everything follows from the options and the night: the same ones, the same answers, in whatever order one asks.
 * 2. A later night only adds. What an earlier one said of an event stays as it is.
 * 3. Memory is bounded: kept are one history a company, and the stories that were asked for last. Pages are not kept.
 */
export class World {
  readonly options: Options;
  readonly calendar: Calendar;
  readonly companies: readonly Company[];
  readonly prose: Prose;
  night: number;
  private readonly byHost: ReadonlyMap<string, Company>;
  private readonly histories = new Map<string, History>();
  private readonly faults: ReadonlyMap<string, readonly FaultName[]>;
  private readonly changes = new Map<number, ReadonlySet<string>>();
  private readonly styles = new Map<string, Style>();
  private readonly remembered = new Map<string, unknown>();

  constructor(options: Options) {
    this.options = options;
    this.calendar = new Calendar(options.firstNight);
    this.companies = chooseCompanies(options.seed, options.companies);
    this.prose = PROSE[options.prose];
    this.night = options.night;
    this.byHost = new Map(this.companies.map((company) => [company.host, company]));
    this.faults = assignFaults(options, this.companies, [...NEWS_HOSTS, ...EDGAR_HOSTS, SEARCH_HOST]);
    for (const company of this.companies) {
      this.histories.set(company.id, new History(options.seed, this.calendar, company, this.rivalsOf(company)));
    }
  }

  companyOf(host: string): Company | undefined {
    return this.byHost.get(host);
  }

  faultsOf(host: string): readonly FaultName[] {
    return this.faults.get(host) ?? [];
  }

  has(host: string, fault: FaultName): boolean {
    return this.faultsOf(host).includes(fault);
  }

  /** Whether a polite program can read the articles of a host. */
  isReadable(host: string, night = this.night): boolean {
    return this.faultsOf(host).every(
      (fault) => !FAULTS[fault].blocks || (fault === 'gone-since-yesterday' && night < 1),
    );
  }

  styleOf(host: string): Style {
    const known = this.styles.get(host) ?? styleOf(this.options.seed, host);
    this.styles.set(host, known);
    return known;
  }

  /** What `make` makes, kept for a while. It must depend on the key and the options alone. */
  remember<T>(key: string, make: () => T): T {
    if (this.remembered.has(key)) return this.remembered.get(key) as T;
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    const made = make();
    this.remembered.set(key, made);
    return made;
  }

  /** The history of a company, up to the night at least. */
  history(company: Company, night = this.night): History {
    const history = this.histories.get(company.id);
    if (history === undefined) throw new Error(`There is no company ${company.id}.`);
    history.advance(night, (each) => this.eventful(company, each));
    return history;
  }

  /** What has happened to a company by a night, oldest first. */
  happenings(company: Company, night = this.night): Happening[] {
    return this.history(company, night).until(night);
  }

  /** Companies of the same trade, or else of the same sector. */
  private rivalsOf(company: Company): Company[] {
    const others = this.companies.filter(({ id }) => id !== company.id);
    const trade = others.filter(({ industry }) => industry === company.industry);
    const sector = others.filter(({ sector, industry }) => sector === company.sector && industry !== company.industry);
    const choices = new Choices(`${this.options.seed}/${company.id}/rivals`);
    return [...choices.sample(trade, 3), ...choices.sample(sector, 3)].slice(0, 3);
  }

  private eventful(company: Company, night: number): { events: number; rename: boolean } {
    if (night === 0) return { events: 0, rename: false };
    const rename = night === 1 && this.has(company.host, 'renamed');
    if (!this.changedIn(night).has(company.id)) return { events: 0, rename };
    return { events: new Choices(`${this.options.seed}/${company.id}/${night}/count`).chance(0.3) ? 2 : 1, rename };
  }

  private changedIn(night: number): ReadonlySet<string> {
    const known = this.changes.get(night);
    if (known !== undefined) return known;
    const { seed, change } = this.options;
    const count = change === 0 ? 0 : Math.max(1, Math.round(change * this.companies.length));
    const chosen = new Choices(`${seed}/changes/${night}`).sample(this.companies, count);
    const changed = new Set(chosen.map(({ id }) => id));
    this.changes.set(night, changed);
    return changed;
  }
}
