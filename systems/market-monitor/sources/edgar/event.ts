import { startOf } from '#core/text/text.ts';
import type { CloudEvent } from '#core/streams/cloud-event.ts';
import type { EventData } from '../../events/events.ts';
import type { CurrentFiling } from './feed.ts';

/** `source` of its events. */
const EDGAR = 'sec.gov/edgar';

/** They file about somebody else, for whom the feed has an entry of its own. */
const ABOUT_OTHERS: ReadonlySet<string> = new Set(['Reporting', 'Filed by']);
const MAX_ITEMS = 30;
const MAX_TEXT = 20_000;

/**
 * The event of a filing for the company that it is about. Its id is the accession number, so the router drops copies: one
 * filing has an entry for each role. Null: the entry is of who filed about another company.
 *
 * The feed has no amounts, so a form 4 has no `insiderUsd`.
 */
export function filingEvent(filing: CurrentFiling): CloudEvent | null {
  if (ABOUT_OTHERS.has(filing.role)) return null;
  const items = filing.items.slice(0, MAX_ITEMS);
  const words = [
    `${filing.form} of ${filing.company}`,
    ...items.map(({ number, title }) => `Item ${number}: ${title}`),
  ].join('\n');
  const data: EventData<'market.filing.v1'> = {
    form: filing.form,
    accessionNumber: filing.accessionNumber,
    items: items.map(({ number }) => number),
    text: startOf(words, MAX_TEXT),
    url: filing.url,
  };
  return {
    specversion: '1.0',
    id: filing.accessionNumber,
    source: EDGAR,
    type: 'market.filing.v1',
    subject: `cik:${filing.cik}`,
    time: filing.accepted,
    data,
  };
}
