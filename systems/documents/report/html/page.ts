import { createHash } from 'node:crypto';
import type { Report } from '../schema.ts';
import { charts } from './charts.ts';
import { contractSection } from './contract-section.ts';
import { failureSection } from './failures.ts';
import { html, raw, type Html } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLES } from './styles.ts';
import { contractTable, type Entry } from './table.ts';
import { tiles } from './tiles.ts';
import { counted, formatMoment, formatNumber } from './words.ts';

/**
 * report.html in parts: one file that asks for nothing from elsewhere and in which only our own style and script can
 * run, whatever the documents hold.
 */
export function* reportHtml(report: Report): Generator<string> {
  const succeeded = report.documents.filter((row) => row.status === 'succeeded');
  const failed = report.documents.filter((row) => row.status === 'failed');
  const entries = succeeded.map((row, index): Entry => ({ id: `c${index + 1}`, row }));
  yield head(report).markup;
  yield header(report).markup;
  yield tiles(report, succeeded).markup;
  yield charts(succeeded).markup;
  yield failureSection(failed).markup;
  if (entries.length > 0) {
    yield* contractTable(entries);
    yield html`<section aria-labelledby="findings">
      <div class="bar">
        <h2 id="findings">Findings</h2>
        <p>Every quote was looked up in its document, on the page named</p>
        <span class="tools"><button type="button" id="fold">Open all</button></span>
      </div>
    </section>`.markup;
    for (const entry of entries) yield contractSection(entry).markup;
    yield '</section>';
  }
  yield footer(report).markup;
}

function head({ uploadId }: Report): Html {
  const policy = [
    "default-src 'none'",
    `style-src '${digest(STYLES)}'`,
    `script-src '${digest(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>Contract report: ${uploadId}</title>
        <style>
          ${raw(STYLES)}
        </style>
      </head>
      <body>
        <main></main>
      </body>
    </html> `;
}

const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

function header({ totals, uploadId, runId, startedAt, brokeOff }: Report): Html {
  const { documents, succeeded } = totals;
  const all = succeeded === documents;
  return html`<header>
    <p class="eyebrow">Contract report</p>
    <h1>
      ${all ? `All ${counted(documents, 'contract')} analysed` : `${formatNumber(succeeded)} of ${counted(documents, 'document')} analysed`}
    </h1>
    <p>${formatMoment(startedAt)} · upload ${uploadId}${runId !== uploadId && ` · run ${runId}`}</p>
    ${brokeOff !== undefined && html`<p class="notice">The run broke off before every document had its turn: ${brokeOff}</p>`}
  </header>`;
}

function footer({ documents, totals, runId, finishedAt, schemaVersion }: Report): Html {
  const agents = new Set(documents.map(({ agent, agentVersion }) => `${agent} version ${agentVersion}`));
  const models = new Set(documents.map(({ model }) => model).filter((model) => model !== null));
  const { unverifiedQuotes } = totals;
  return html`<footer><p>${[...agents].join(', ')}${models.size > 0 && ` with ${[...models].join(', ')}`}, ${counted(totals.modelCalls, 'model call')}.
${unverifiedQuotes === 0 ? 'Every quote stands in its document word for word.' : `${counted(unverifiedQuotes, 'quote')} could not be found word for word and ${unverifiedQuotes === 1 ? 'is' : 'are'} marked.`}
An analysis by a language model: have a lawyer check what you rely on.</p>
<p>Run ${runId}, finished ${formatMoment(finishedAt)}. The same data, schema version ${schemaVersion}, is in report.json and report.csv.</p></footer>
</main><script>${raw(SCRIPT)}</script></body></html>
`;
}
