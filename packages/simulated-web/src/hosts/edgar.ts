import { failure, html, json, notFound, text, type Answer, type Asked } from '../http/answer.ts';
import { paragraphsOf } from '../pages/articles.ts';
import { escape } from '../pages/html.ts';
import { hashOf } from '../random.ts';
import { filingsOf, filingStory, type Filing } from '../stories/filings.ts';
import { isoDate, longDate } from '../world/calendar.ts';
import type { Company } from '../world/companies.ts';
import type { World } from '../world/world.ts';

const REQUESTS_PER_SECOND = 10;

/** The limits of EDGAR, which count over all its hosts. */
export class EdgarGate {
  private readonly world: World;
  private recent: number[] = [];
  private blockedUntil = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Why a request is rejected; undefined when it is not. */
  reject({ userAgent }: Asked): Answer | undefined {
    // The SEC wants the name and the address of whoever asks.
    if (userAgent === undefined || !/@|https?:\/\//.test(userAgent)) {
      return failure(403, 'Undeclared automated tool: state who you are in the User-Agent');
    }
    const now = this.world.options.now();
    this.recent = this.recent.filter((at) => now - at < 1_000);
    this.recent.push(now);
    if (this.recent.length > REQUESTS_PER_SECOND)
      this.blockedUntil = now + this.world.options.edgarBlockSeconds * 1_000;
    return now < this.blockedUntil ? failure(403, 'Request rate threshold exceeded') : undefined;
  }
}

/** Answers for `data.sec.test` and `www.sec.test`. */
export function serveEdgar(world: World, gate: EdgarGate, asked: Asked): Answer {
  const { host, path } = asked;
  if (path === '/robots.txt') return text('User-agent: *\nAllow: /Archives/edgar/data\nDisallow: /cgi-bin\n');
  const rejected = gate.reject(asked);
  if (rejected !== undefined) return rejected;
  const submissions = /^\/submissions\/CIK(\d{10})\.json$/.exec(path);
  if (host === 'data.sec.test') {
    const company = world.companies.find(({ cik }) => cik === submissions?.[1]);
    return company === undefined ? notFound() : submissionsOf(world, company);
  }
  if (path === '/files/company_tickers.json') return json(tickers(world), world.calendar.at(-30, 0));
  const cik = /^\/Archives\/edgar\/data\/(\d+)\//.exec(path)?.[1];
  const company = world.companies.find((each) => cik !== undefined && Number(each.cik) === Number(cik));
  const filing = company && filingsOf(world, company).find((each) => each.path === path);
  return company === undefined || filing === undefined
    ? notFound()
    : html(document(world, company, filing), filing.filed);
}

const tickers = (world: World) =>
  Object.fromEntries(
    world.companies.map(({ cik, ticker, name }, index) => [index, { cik_str: Number(cik), ticker, title: name }]),
  );

function submissionsOf(world: World, company: Company): Answer {
  const filings = filingsOf(world, company);
  const { name } = world.history(company).state(world.night);
  const renamed = world.happenings(company).filter(({ kind }) => kind === 'rename');
  const column = <T>(value: (filing: Filing) => T): T[] => filings.map((filing) => value(filing));
  const recent = {
    accessionNumber: column(({ accession }) => accession),
    filingDate: column(({ filed }) => isoDate(filed)),
    reportDate: column(({ reported }) => isoDate(reported)),
    acceptanceDateTime: column(({ filed }) => filed.toISOString()),
    act: column(({ form }) => (form === '4' ? '' : '34')),
    form: column(({ form }) => form),
    fileNumber: column(() => `001-${String(hashOf(company.cik) % 100_000).padStart(5, '0')}`),
    filmNumber: column(({ accession }) => String(260_000_000 + (hashOf(accession) % 1_000_000))),
    items: column(({ items }) => items),
    core_type: column(({ form }) => form),
    size: column(({ accession }) => 20_000 + (hashOf(accession) % 400_000)),
    isXBRL: column(({ form }) => (form === '4' ? 0 : 1)),
    isInlineXBRL: column(({ form }) => (form === '4' ? 0 : 1)),
    primaryDocument: column(({ document }) => document),
    primaryDocDescription: column(({ form }) => (form === '4' ? 'FORM 4' : form)),
  };
  const value = {
    cik: company.cik,
    entityType: 'operating',
    sic: String(1_000 + (hashOf(company.industry) % 8_000)),
    sicDescription: company.industry,
    name,
    tickers: [company.ticker],
    exchanges: ['NYSE'],
    website: '',
    category: 'Large accelerated filer',
    fiscalYearEnd: '1231',
    addresses: { business: { city: company.city.toUpperCase() } },
    formerNames: renamed.map((each) => ({
      name: each.name,
      from: '2001-01-01T00:00:00.000Z',
      to: each.at.toISOString(),
    })),
    filings: { recent, files: [] },
  };
  return json(value, filings[0]?.filed);
}

function document(world: World, company: Company, filing: Filing): string {
  const { happening, form, items, reported } = filing;
  const state = happening ?? world.history(company).state(0);
  const story = happening === undefined ? undefined : filingStory(world, happening);
  const numbers = items === '' ? [] : items.split(',');
  const body =
    story === undefined
      ? `<p>The information that this form requires is made up and left out.</p>`
      : numbers
          .map(
            (item) =>
              `<p><b>Item ${item}</b></p>\n${item === '9.01' ? '<p>(d) Exhibits.</p>' : paragraphsOf(story.paragraphs.slice(0, 2))}`,
          )
          .join('\n');
  return `<?xml version="1.0" encoding="ASCII"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>${escape(filing.document)}</title></head>
<body style="font-family:'Times New Roman'"><div style="text-align:center"><b>UNITED STATES</b><br/><b>SECURITIES AND EXCHANGE COMMISSION</b> (simulated)</div>
<div style="text-align:center">FORM ${form}</div>
<div>Date of Report (Date of earliest event reported): ${longDate(reported)}</div>
<div>${escape(state.name)}<br/>(Exact name of registrant as specified in its charter)</div>
<table><tr><td>Trading symbol</td><td>${escape(company.ticker)}</td></tr></table>
${body}
<p>SIGNATURE</p><p>Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has duly caused this report to be signed on its behalf by the undersigned.</p>
</body></html>
`.replaceAll(/[\u0080-\u{10ffff}]/gu, (each) => `&#${each.codePointAt(0)};`);
}
