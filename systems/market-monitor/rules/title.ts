import type { MarketEvent } from '../instruments/measure.ts';
import type { Measures } from '../instruments/measures.ts';
import type { Rule } from './rule.ts';
import type { PositionVariable } from './variables.ts';

interface Named {
  readonly rule: Rule;
  readonly event: MarketEvent;
  readonly ticker: string;
  readonly m: Measures;
  readonly position: PositionVariable;
}

/**
 * One sentence with the figures. It consists of words of this file, numbers, and names that cannot hold a sentence: text of
 * others, such as a headline, never stands in it.
 */
export function titleOf(named: Named): string {
  const { rule } = named;
  const sentence = rule.resolves === true ? endOf(named) : sentenceOf(named);
  return rule.title === undefined ? sentence : `${rule.title}: ${sentence}`;
}

function endOf({ rule, event, ticker }: Named): string {
  if (event.type === 'market.trading-status.v1') return `Trading of ${ticker} has resumed.`;
  if (rule.cause === 'price-move' && event.type === 'market.bar.v1' && event.data.revision > 0) {
    return `A correction of the bar withdraws the move of ${ticker}.`;
  }
  return `The session of ${ticker} has ended.`;
}

function sentenceOf({ rule, event, ticker, m, position }: Named): string {
  switch (event.type) {
    case 'market.bar.v1':
      return barSentence(rule, ticker, m, position);
    case 'market.trading-status.v1':
      return statusSentence(event.data, ticker);
    case 'market.filing.v1':
      return filingSentence(event.data, ticker, m);
    case 'market.news.v1':
      return newsSentence(ticker, m);
    case 'market.rating.v1':
      return ratingSentence(ticker, m);
    case 'market.earnings.v1':
      return `${ticker} reported results: earnings per share ${surprise(m.epsSurprisePct)}, revenue ${surprise(m.revenueSurprisePct)}.`;
    case 'market.macro.v1':
      return `${ticker} came in ${signed(m.surpriseDeviations, 1)} standard deviations from what was expected: ${event.data.actual} instead of ${event.data.expected}.`;
    case 'market.corporate-action.v1':
      return `${ticker} has a ${event.data.action.replace('-', ' ')} on ${event.data.exDate}.`;
    case 'market.move.v1':
      return `${m.moving} holdings, ${Math.round(m.movingShare * 100)} % of the portfolio's, ${event.data.movePct < 0 ? 'fell' : 'rose'} fast within 30 minutes.`;
  }
}

function barSentence({ cause }: Rule, ticker: string, m: Measures, position: PositionVariable): string {
  const price = m.close.toFixed(2);
  switch (cause) {
    case 'position-loss':
      return `The position in ${ticker} has lost ${dollars(position.lossUsd)} since the previous close; the price is ${price}.`;
    case 'implausible-price':
      return `The price of ${ticker}, ${price}, is too far from the one before to believe. It counts once the next bar confirms it.`;
    case 'volume':
      return `Far more of ${ticker} is traded than usual (${m.volumeZ.toFixed(1)} standard deviations); its price ${moved(m.fastPct)} within five minutes.`;
    case 'volatility':
      return `${ticker} is ${m.volatilityRatio.toFixed(1)} times as volatile as usual, within a range of ${m.rangePct.toFixed(1)} %; the price is ${price}.`;
    default:
      return `${ticker} ${moved(m.fastPct)} within five minutes and ${moved(m.dayPct)} since the previous close, to ${price}.`;
  }
}

function newsSentence(ticker: string, { newsInHour, materialWords }: Measures): string {
  const count = `${plural(newsInHour, 'headline')} about ${ticker} within one hour`;
  return materialWords === 0 ? `${count}.` : `${count}, the last one with a word that often moves a price.`;
}

function ratingSentence(ticker: string, { ratingSteps, targetChangePct }: Measures): string {
  const steps = Math.abs(ratingSteps);
  const rating =
    steps === 0
      ? `kept its rating of ${ticker}`
      : `${ratingSteps < 0 ? 'lowered' : 'raised'} its rating of ${ticker} by ${plural(steps, 'step')}`;
  const target =
    rounded(targetChangePct) === 0 ? '' : ` and changed its target price by ${signed(targetChangePct, 1)} %`;
  return `A broker ${rating}${target}.`;
}

function statusSentence(
  { status, reason, level }: { status: string; reason: string; level?: number | undefined },
  ticker: string,
): string {
  if (status === 'resumed') return `Trading of ${ticker} has resumed.`;
  if (reason === 'circuit-breaker')
    return `The whole market is halted: circuit breaker of level ${level ?? 1} on ${ticker}.`;
  return `Trading of ${ticker} is halted: ${REASONS[reason] ?? reason}.`;
}

const REASONS: Readonly<Record<string, string>> = {
  luld: 'a pause after a fast move',
  'news-pending': 'news is pending',
  regulatory: 'by the regulator',
};

/** Forms are up to 20 characters of the sender, so only those of the SEC's manner are repeated. */
function filingSentence(
  { form, accessionNumber }: { form: string; accessionNumber: string },
  ticker: string,
  m: Measures,
): string {
  const name = /^[A-Z0-9/-]{1,12}$/.test(form) ? form : 'report';
  if (m.insiderUsd !== 0) {
    const verb = m.insiderUsd < 0 ? 'sold' : 'bought';
    return `An insider of ${ticker} ${verb} shares for ${dollars(Math.abs(m.insiderUsd))} (${name} ${accessionNumber}).`;
  }
  const items = m.newItems.map((item) => (ITEMS[item] === undefined ? item : `${item} (${ITEMS[item]})`));
  return `${ticker} filed ${name} ${accessionNumber}${items.length === 0 ? '' : ` with ${plural(items.length, 'item').replace(/^\d+ /, '')} ${items.join(', ')}`}.`;
}

const ITEMS: Readonly<Record<string, string>> = {
  '1.03': 'bankruptcy',
  '1.05': 'cybersecurity incident',
  '2.02': 'results',
  '3.01': 'delisting',
  '4.01': 'change of auditor',
  '4.02': 'earlier statements cannot be relied on',
  '5.01': 'change of control',
  '5.02': 'change of directors or officers',
};

/** As it is shown: what would be 0.0 is 0. */
const rounded = (percent: number): number => Number(Math.abs(percent).toFixed(1));
const moved = (percent: number): string =>
  rounded(percent) === 0 ? 'is unchanged' : `${percent < 0 ? 'fell' : 'rose'} ${Math.abs(percent).toFixed(1)} %`;
const surprise = (percent: number): string =>
  rounded(percent) === 0
    ? 'as expected'
    : `${Math.abs(percent).toFixed(1)} % ${percent < 0 ? 'below' : 'above'} what was expected`;
const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
const dollars = (usd: number): string => `$${Math.round(usd).toLocaleString('en-US')}`;
