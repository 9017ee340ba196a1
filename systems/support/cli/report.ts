import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#cli/make-folder.ts';
import { buckets, chart } from './chart.ts';
import type { DayRecord, SupportSummary } from './summary.ts';
import { summaryFacts } from './summary-facts.ts';

/** Writes support.html, a self-contained page, and support.json with its data. */
export async function writeReport(summary: SupportSummary, record: DayRecord): Promise<void> {
  makeFolder(summary.out);
  const drawn = buckets(record);
  await writeFile(join(summary.out, 'support.json'), JSON.stringify({ ...summary, buckets: drawn }, null, 2));
  await writeFile(join(summary.out, 'support.html'), page(summary, chart(drawn)));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function page(summary: SupportSummary, drawing: string): string {
  const rows = Object.entries(summaryFacts(summary)).flatMap(([name, value]) =>
    value === undefined ? [] : [`<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`],
  );
  const title = `A day of the support system at ${summary.volume} times the expected volume`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#1f2937, #e5e7eb); --line: light-dark(#9ca3af, #6b7280) }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #111827); max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem } svg { width: 100%; height: auto } th { text-align: left; padding-right: 1.5rem; font-weight: 600; vertical-align: top }
</style>
<h1>${title}</h1>
<p>The day took ${summary.minutes} minutes, at the message rates of a whole day. Seed ${summary.seed}, ${escaped(summary.id)}.</p>
${drawing}
<table>${rows.join('\n')}</table>
</html>
`;
}
