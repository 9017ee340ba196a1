/** An entry as EDGAR writes it. */
export interface Entry {
  readonly form: string;
  readonly company: string;
  readonly cik: string;
  readonly role?: string;
  readonly accession: string;
  readonly updated: string;
  readonly items?: readonly string[];
}

/** A page in the format of https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent&output=atom, as recorded in 2026. */
export const feedPage = (entries: readonly (Entry | string)[]): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Latest Filings - Thu, 19 Nov 2026 16:12:02 EST</title>
<link rel="alternate" href="/cgi-bin/browse-edgar?action=getcurrent"/>
<link rel="self" href="/cgi-bin/browse-edgar?action=getcurrent"/>
<id>https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent</id>
<author><name>Webmaster</name><email>webmaster@sec.gov</email></author>
<updated>2026-11-19T16:12:02-05:00</updated>
${entries.map((entry) => (typeof entry === 'string' ? entry : entryOf(entry))).join('\n')}
</feed>
`;

function entryOf({ form, company, cik, role = 'Filer', accession, updated, items = [] }: Entry): string {
  const folder = `https://www.sec.gov/Archives/edgar/data/${Number(cik)}/${accession.replaceAll('-', '')}`;
  const lines = items.map((item) => `\n&lt;br&gt;Item ${item}`).join('');
  return `<entry>
<title>${form} - ${company} (${cik}) (${role})</title>
<link rel="alternate" type="text/html" href="${folder}/${accession}-index.htm"/>
<summary type="html">
 &lt;b&gt;Filed:&lt;/b&gt; ${updated.slice(0, 10)} &lt;b&gt;AccNo:&lt;/b&gt; ${accession} &lt;b&gt;Size:&lt;/b&gt; 216 KB${lines}
</summary>
<updated>${updated}</updated>
<category scheme="https://www.sec.gov/" label="form type" term="${form}"/>
<id>urn:tag:sec.gov,2008:accession-number=${accession}</id>
</entry>`;
}

/** Filing number `n` of one company after the other, a second each. */
export const filingNumber = (n: number): Entry => ({
  form: '10-Q',
  company: `Company ${n}`,
  cik: String(n + 1).padStart(10, '0'),
  accession: `0000000001-26-${String(n).padStart(6, '0')}`,
  updated: `${new Date(Date.parse('2026-11-19T15:00:00Z') + n * 1_000).toISOString().slice(0, 19)}+00:00`,
});
