import { createHash } from 'node:crypto';
import type { Report } from '../schema.ts';
import { charts } from './charts.ts';
import { contractSection } from './contract-section.ts';
import { failureSection } from './failures.ts';
import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import { SCRIPT } from './script.ts';
import { STYLES } from './styles.ts';
import { contractTable, type Entry } from './table.ts';
import { tiles } from './tiles.ts';
import { counted, formatMoment, formatNumber } from './labels.ts';

/**
 * Generates report.html in parts. The file loads nothing from elsewhere, and only its own style and script can run,
 * whatever the documents contain.
 */
export function* reportHtml(report: Report): Generator<string> {
  const succeeded = report.documents.filter((row) => row.status === 'succeeded');
  const failed = report.documents.filter((row) => row.status === 'failed');
  const entries = succeeded.map((row, index): Entry => ({ id: `c${index + 1}`, row }));
  yield head(report).markup;
  yield header(report).markup;
  yield tiles(report, succeeded).markup;
  yield charts(entries).markup;
  yield failureSection(failed).markup;
  if (entries.length > 0) {
    yield* contractTable(entries);
    yield FINDINGS_START.markup;
    for (const entry of entries) yield contractSection(entry).markup;
    yield '</section>\n';
  }
  yield footer(report).markup;
}

const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** A second line of defence if escaping ever fails: the browser runs and loads only what has one of these digests. */
const POLICY = [
  "default-src 'none'",
  `style-src '${digest(STYLES)}'`,
  `script-src '${digest(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const head = ({ uploadId }: Report): Fragment => fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Contract report: ${uploadId}</title>
<style>${raw(STYLES)}</style></head>
<body><main>
`;

function headline(documents: number, succeeded: number): string {
  if (documents === 0) return 'No documents in this upload';
  if (succeeded === documents)
    return documents === 1 ? '1 contract analysed' : `All ${formatNumber(documents)} contracts analysed`;
  return `${formatNumber(succeeded)} of ${counted(documents, 'document')} analysed`;
}

function header({ totals, uploadId, runId, startedAt, brokeOff, documents: rows }: Report): Fragment {
  const { documents, succeeded } = totals;
  const title = headline(documents, succeeded);
  const notice =
    brokeOff !== undefined &&
    fragment`<p class="notice">The run ended before every document was processed: ${brokeOff}</p>`;
  const simulated =
    rows.some(({ model }) => model?.endsWith('-simulated')) &&
    fragment`<p class="notice">A simulated model answered, using fixed rules. This report shows how the fleet works, not how well Claude reads contracts. Nothing was charged: the costs shown are what the real model would cost for the same number of tokens.</p>`;
  return fragment`<header><p class="eyebrow">Contract report</p>
<h1>${title}</h1>
<p>${formatMoment(startedAt)} · upload ${uploadId}${runId !== uploadId && ` · run ${runId}`}</p>${notice}${simulated}</header>
`;
}

const FINDINGS_START = fragment`<section class="all" aria-labelledby="findings"><div class="bar"><h2 id="findings">Findings</h2>
<p>Every quote was checked against its page in the document</p><span class="tools"><button type="button" id="fold">Open all</button> <button type="button" id="print-all">Print all</button></span></div>
`;

function footer({ documents, totals, runId, finishedAt, schemaVersion }: Report): Fragment {
  const agents = [...new Set(documents.map(({ agent, agentVersion }) => `${agent} version ${agentVersion}`))].join(
    ', ',
  );
  const models = [...new Set(documents.map(({ model }) => model).filter((model) => model !== null))].join(', ');
  const { unverifiedQuotes: unverified } = totals;
  const quotes =
    unverified === 0
      ? 'Every quote was found in its document, word for word.'
      : `${counted(unverified, 'quote')} could not be found word for word and ${unverified === 1 ? 'is' : 'are'} marked.`;
  return fragment`<footer><p>${agents}${models !== '' && ` with ${models}`}, ${counted(totals.modelCalls, 'model call')}. ${quotes}
A language model wrote this analysis. Have a lawyer check anything you rely on.</p>
<p>Run ${runId}, finished ${formatMoment(finishedAt)}. report.json (schema version ${schemaVersion}) and report.csv contain the same data.</p></footer>
</main>
<script>${raw(SCRIPT)}</script></body></html>
`;
}
