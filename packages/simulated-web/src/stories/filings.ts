import { Choices, hashOf } from '../random.ts';
import { isoDate } from '../world/calendar.ts';
import type { Company } from '../world/companies.ts';
import type { Happening } from '../world/events.ts';
import type { World } from '../world/world.ts';
import { channelsOf, ITEMS } from './channels.ts';
import { write, type Story } from './story.ts';

/** A document that a company filed with the SEC. */
export interface Filing {
  /** With dashes, as in `0000066740-26-004711`. */
  readonly accession: string;
  readonly form: '8-K' | '10-Q' | '10-K' | '4';
  /** Of an 8-K: the numbers of its items, with commas. */
  readonly items: string;
  readonly filed: Date;
  /** Of an 8-K: when it happened. */
  readonly reported: Date;
  readonly document: string;
  readonly path: string;
  readonly happening?: Happening;
}

/** The filings of a company by a night, newest first. */
export function filingsOf(world: World, company: Company, night = world.night): Filing[] {
  const { seed } = world.options;
  const told = world.happenings(company, night).filter((each) => channelsOf(seed, each).filing);
  return [...told.map((each) => eventFiling(world, each)), ...routine(world, company)].sort(
    (one, other) => other.filed.getTime() - one.filed.getTime() || (one.accession < other.accession ? -1 : 1),
  );
}

export function eventFiling(world: World, happening: Happening): Filing {
  const { company, kind, at } = happening;
  const filed = new Date(at.getTime() + 150 * 60_000);
  const key = `${world.options.seed}/${happening.id}/filing`;
  return filingOf(company, { key, form: '8-K', items: ITEMS[kind] ?? '8.01', filed, reported: at, happening });
}

type Partly = Omit<Filing, 'accession' | 'document' | 'path'> & { readonly key: string };

function filingOf(company: Company, { key, ...filing }: Partly): Filing {
  const year = filing.filed.getUTCFullYear() % 100;
  const accession = `${company.cik}-${year}-${String(hashOf(key) % 1_000_000).padStart(6, '0')}`;
  const day = isoDate(filing.reported).replaceAll('-', '');
  const document = `${company.ticker.toLowerCase().replaceAll(/[^a-z]/g, '')}-${day}.htm`;
  const path = `/Archives/edgar/data/${Number(company.cik)}/${accession.replaceAll('-', '')}/${document}`;
  return { ...filing, accession, document, path };
}

/** Reports and the trades of insiders that every company files, whatever happens. */
function routine(world: World, company: Company): Filing[] {
  const choices = new Choices(`${world.options.seed}/${company.id}/routine`);
  const forms = ['10-Q', '10-Q', '10-Q', '10-K', '4', '4', '4', '4', '4'] as const;
  return forms.map((form, index) => {
    const day = form === '4' ? -choices.between(1, 360) : -20 - 91 * index - choices.between(0, 12);
    const filed = world.calendar.at(day, choices.between(13 * 60, 20 * 60));
    const key = `${world.options.seed}/${company.id}/routine/${index}`;
    return filingOf(company, { key, form, items: '', filed, reported: world.calendar.at(day - 4, 0) });
  });
}

export const filingStory = (world: World, happening: Happening): Story =>
  write({ happening, prose: world.prose, seed: world.options.seed, voice: 'filing', key: 'filing' });
