import { tokensOf } from '#core/models/price.ts';
import type { Report, SucceededRow } from '../schema.ts';
import { fragment, type Fragment } from '#core/text/markup.ts';
import { counted, formatCompact, formatNumber, formatSeconds, formatUsd } from './labels.ts';

/** The key figures of the run, each with a note that puts it in proportion. */
export function tiles({ totals, seconds }: Report, rows: readonly SucceededRow[]): Fragment {
  const { documents, succeeded, failed, tokens, usd, savedUsd = 0, unsettledUsd } = totals;
  const perMinute = seconds > 0 ? (documents / seconds) * 60 : 0;
  const high = rows.map(({ risks }) => risks.filter(({ severity }) => severity === 'high').length);
  const highRisks = high.reduce((sum, count) => sum + count, 0);
  const risky = high.filter((count) => count > 0).length;
  const paid = documents - totals.duplicates - totals.reused;
  const each = `${formatUsd(paid > 0 ? usd / paid : 0)} per document`;
  const unsettled = unsettledUsd > 0 ? `, plus up to ${formatUsd(unsettledUsd)} for interrupted calls` : '';
  const saved = savedUsd > 0 ? `, ${formatUsd(savedUsd)} saved by caching` : '';
  const read = formatCompact(tokensOf(tokens) - tokens.output);
  return fragment`<section class="tiles" aria-label="Summary">
${tile('Analysed', formatNumber(succeeded), `of ${counted(documents, 'document')}`)}
${tile('Not analysed', formatNumber(failed), failed > 0 ? 'see the reasons below' : 'nothing is missing', failed > 0 && 'warn')}
${tile('High risks', formatNumber(highRisks), `in ${counted(risky, 'contract')}`, risky > 0 && 'bad')}
${tile('Time', formatSeconds(seconds), `${formatNumber(Math.round(perMinute))} documents per minute`)}
${tile('Cost', formatUsd(usd), each + saved + unsettled)}
${tile('Tokens', formatCompact(tokensOf(tokens)), `${read} read, ${formatCompact(tokens.output)} written`)}
</section>
`;
}

const tile = (label: string, value: string, note: string, tone: string | false = false): Fragment =>
  fragment`<div class="tile ${tone}"><span class="label">${label}</span><strong>${value}</strong><span class="note">${note}</span></div>`;
