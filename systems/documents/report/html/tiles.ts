import { tokensOf } from '../../../../core/models/price.ts';
import type { Report, SucceededRow } from '../schema.ts';
import { html, type Html } from './markup.ts';
import { counted, formatCompact, formatNumber, formatSeconds, formatUsd } from './words.ts';

/** The run in a row of figures, each with the words that put it in proportion. */
export function tiles({ totals, seconds }: Report, rows: readonly SucceededRow[]): Html {
  const { documents, succeeded, failed, tokens, usd, unsettledUsd } = totals;
  const perMinute = seconds > 0 ? (documents / seconds) * 60 : 0;
  const high = rows.map(({ risks }) => risks.filter(({ severity }) => severity === 'high').length);
  const risky = high.filter((count) => count > 0).length;
  const asked = documents - totals.duplicates - totals.reused;
  return html`<section class="tiles" aria-label="Summary">
    ${tile('Analysed', formatNumber(succeeded), `of ${counted(documents, 'document')}`)}
    ${tile('Not analysed', formatNumber(failed), failed === 0 ? 'nothing is missing' : 'each with its reason below', failed > 0 && 'warn')}
    ${tile('High risks', formatNumber(high.reduce((sum, count) => sum + count, 0)), `in ${counted(risky, 'contract')}`, risky > 0 && 'bad')}
    ${tile('Time', formatSeconds(seconds), `${formatNumber(Math.round(perMinute))} documents a minute`)}
    ${tile('Cost', formatUsd(usd), `${formatUsd(asked > 0 ? usd / asked : 0)} a document${unsettledUsd > 0 ? `, and up to ${formatUsd(unsettledUsd)} for calls that broke off` : ''}`)}
    ${tile('Tokens', formatCompact(tokensOf(tokens)), `${formatCompact(tokensOf(tokens) - tokens.output)} read, ${formatCompact(tokens.output)} written`)}
  </section>`;
}

const tile = (label: string, value: string, note: string, tone: string | false = false): Html =>
  html`<div class="tile ${tone}">
    <span class="label">${label}</span><strong>${value}</strong><span class="note">${note}</span>
  </div>`;
