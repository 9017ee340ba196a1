import { startOf } from '#core/text/text.ts';
import { labelled, squeeze } from './text.ts';

/** The first letters of the months in English, German and French. */
const MONTHS = 'jan,feb|fév,mar|mär,apr|avr,ma[yi],jun|juin,jul|juil,aug|aoû,sep,o[ck]t,nov,de[cz]|déc'.split(',');
const MONTH = `(?<month>(?:${MONTHS.join('|')})\\p{L}*)\\.?`;
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th|er)?\\.?';
const FORMS = [
  '(?<year>\\d{4})-(?<month>\\d{2})-(?<day>\\d{2})\\b',
  `${MONTH}\\s+${DAY},?\\s+(?<year>\\d{4})`,
  `${DAY}\\s+(?:day of\\s+)?${MONTH},?\\s+(?<year>\\d{4})`,
  '(?<day>\\d{1,2})\\.\\s?(?<month>\\d{1,2})\\.\\s?(?<year>\\d{4})',
  '(?<month>\\d{1,2})/(?<day>\\d{1,2})/(?<year>\\d{4})',
].map((form) => new RegExp(`\\b${form}`, 'giu'));

/**
 * Returns the dates in a text in order, as YYYY-MM-DD.
 * @param american whether 03/04/2025 is in March (true) or April (false); null skips such a date
 */
export function datesIn(text: string, american: boolean | null): { at: number; date: string }[] {
  const found = FORMS.flatMap((form) => [...text.matchAll(form)]).flatMap((match) => {
    const { year, month = '', day } = match.groups ?? {};
    const named = MONTHS.findIndex((name) => new RegExp(`^(?:${name})`, 'i').test(month)) + 1;
    let [m, d] = [named || Number(month), Number(day)];
    if (match[0].includes('/')) {
      if (american === null && m <= 12 && d <= 12 && m !== d) return [];
      if (m > 12 || (!american && d <= 12)) [m, d] = [d, m];
    }
    const date = new Date(Date.UTC(Number(year), m - 1, d));
    return date.getUTCMonth() === m - 1 ? [{ at: match.index, date: date.toISOString().slice(0, 10) }] : [];
  });
  return found.toSorted((a, b) => a.at - b.at);
}

/** Returns the day a contract takes effect, from a label, the words before a date, or the signatures. */
export function effectiveDate(pages: readonly string[], american: boolean | null): string | null {
  const label = labelled(pages, 'effective date|commencement date|start date').join(' ');
  const opening = startOf(squeeze(pages.slice(0, 2).join(' ')), 4_000);
  const ending = squeeze(pages.slice(-2).join(' ')).slice(-1_500);
  const before = (words: RegExp) =>
    datesIn(opening, american).find(({ at }) => words.test(opening.slice(Math.max(0, at - 70), at)))?.date;
  const bySignature = /date of (?:the )?last signature|last of (?:them|the parties) (?:to sign|signs)/i.test(opening);
  const signatures = bySignature ? datesIn(ending, american).map(({ date }) => date) : [];
  return (
    datesIn(label, american)[0]?.date ??
    before(/\b(?:effective|effect|commenc\w*|begins|apply) (?:\w+ ){0,4}$|effective date\W{1,3}$/i) ??
    signatures.toSorted().at(-1) ??
    before(/\b(?:dated|made|entered into|as of|concluded|signed|vom|du)\b/i) ??
    null
  );
}
