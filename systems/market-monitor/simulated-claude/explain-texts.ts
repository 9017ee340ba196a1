import { figureIn, lastSeen, size, type Explain } from './explanation.ts';
import { givesOrders } from './quote.ts';
import type { ReadEvent } from './read-signals.ts';

/** What a text leaves open, as far as can be seen: an amount, a date. */
function openIn(events: readonly ReadEvent[]): string[] {
  const words = events.map(({ text }) => text).join('\n');
  const missing = [
    ...(/[$€£]\s?\d|\b(?:million|billion|dollars)\b/i.test(words) ? [] : ['no amount']),
    ...(/\b(?:January|February|March|April|May|June|July|August|September|October|November|December|\d{4}-\d\d-\d\d)\b/.test(
      words,
    )
      ? []
      : ['no date']),
  ];
  return missing.length === 0 ? [] : [`It names ${missing.join(' and ')}.`];
}

const ORDERED = 'A text gives orders to its reader: it is suspicious, and its claims need another source.';
const orders = (events: readonly ReadEvent[]): string[] => (events.some(givesOrders) ? [ORDERED] : []);

const isHalt = (events: readonly ReadEvent[]): boolean =>
  events.some(({ type }) => type === 'market.trading-status.v1');

export const explainNews: Explain = ({ ticker, events, reasons }) => ({
  classification: 'neutral',
  summary: [
    reasons.length === 0
      ? `No text says what happened${isHalt(events) ? '; the first price after the halt will show how it is taken' : ''}.`
      : `What it means for ${ticker} depends on whether the company confirms it: these are the words of an outlet.`,
    ...lastSeen(figureIn(events, 'newsQuietMinutes'), 'headline with such a word'),
    ...orders(events),
  ],
  watch: [`A statement or a filing of ${ticker} itself.`, 'Whether a second outlet has it from another source.'],
});

export const explainFiling: Explain = ({ events, reasons }) => {
  const many = figureIn(events, 'urgentFilings') ?? 1;
  return {
    classification: 'other',
    summary: [
      reasons.length === 0
        ? 'The filing came without its text: only its items are known.'
        : 'The company states it itself.',
      ...(reasons.length === 0 ? [] : openIn(reasons)),
      ...(many > 1 ? [`With it, ${size(many)} urgent filings came within a day.`] : []),
      ...orders(events),
    ],
    watch: ['The exhibits of the filing.', 'An amendment (8-K/A), which may complete it.'],
  };
};

export const explainInsider: Explain = ({ events }) => {
  const usd = figureIn(events, 'insiderUsd') ?? 0;
  const isRoutine = events.some(({ text }) => /\b10b5-1\b|\bplan\b|\btax|\boptions?\b/i.test(text));
  const own = usd < 0 ? 'notable-sale' : 'notable-purchase';
  return {
    classification: isRoutine ? 'routine' : own,
    summary: [
      isRoutine
        ? 'The text names a plan, a tax or an option, so the day was not the insider’s choice.'
        : 'The text names no plan, tax or option, so it counts as the insider’s own decision.',
      'How large it is beside what the insider holds is not known.',
    ],
    watch: ['Further form 4s of the same company within days: several insiders mean more than one.'],
  };
};

export const explainRating: Explain = ({ events, reasons }) => {
  const steps = figureIn(events, 'ratingSteps') ?? 0;
  const target = figureIn(events, 'targetChangePct') ?? 0;
  const isFar = Math.abs(steps) > 1;
  return {
    classification: steps > 0 ? 'upgrade' : steps < 0 ? 'downgrade' : target === 0 ? 'confirmation' : 'target-change',
    summary: [
      isFar
        ? 'More than one step at once is rare: the broker changed its mind, not its caution.'
        : 'It is the view of one broker.',
      ...(steps !== 0 && target !== 0 && Math.sign(steps) !== Math.sign(target)
        ? ['Rating and target price go different ways.']
        : []),
      reasons.length === 0 ? 'No reason was given.' : 'Its reason is its own, and may be known already.',
    ],
    watch: ['Whether other brokers follow within days.'],
  };
};

/** A surprise below these is in line, as rules have it. */
const [EPS, REVENUE] = [10, 5];

export const explainEarnings: Explain = ({ events }) => {
  const [eps, revenue] = [figureIn(events, 'epsSurprisePct') ?? 0, figureIn(events, 'revenueSurprisePct') ?? 0];
  const isInLine = Math.abs(eps) < EPS && Math.abs(revenue) < REVENUE;
  const isMixed = eps * revenue < 0;
  return {
    classification: isInLine ? 'in-line' : isMixed ? 'mixed' : eps + revenue < 0 ? 'miss' : 'beat',
    summary: [isInLine ? 'Neither figure is far from what was expected.' : surpriseWords(eps, revenue)],
    watch: ['What the company expects of the next quarter.', 'The call with analysts.'],
  };
};

function surpriseWords(eps: number, revenue: number): string {
  if (eps < 0 && revenue >= 0)
    return 'Sales held and profit did not: costs or one-off charges are likelier than weak demand.';
  if (eps >= 0 && revenue < 0) return 'Profit held on weaker sales: costs were cut, which cannot go on for ever.';
  if (eps < 0) {
    return Math.abs(eps) > Math.abs(revenue)
      ? 'Both fell short, profit more than sales: margins are under pressure too.'
      : 'Both fell short, sales more than profit: demand is the likelier reason.';
  }
  return Math.abs(eps) > Math.abs(revenue)
    ? 'Both were better, profit more than sales: margins grew.'
    : 'Both were better, sales at least as much as profit: demand is the likelier reason.';
}

export const explainMacro: Explain = ({ ticker, events }) => {
  const deviations = figureIn(events, 'surpriseDeviations');
  if (ticker.startsWith('market:') || isHalt(events)) {
    return {
      classification: 'policy',
      summary: [
        'It is the rule of the exchange, and no news of any one company: all prices stand still, also those of good ones.',
        'What set off the fall is not in the signals.',
      ],
      watch: ['The first prices after trading resumes: what was held back is decided by them.'],
    };
  }
  return {
    classification: (deviations ?? 0) < 0 ? 'below-expectation' : 'above-expectation',
    summary: [
      Math.abs(deviations ?? 0) >= 3
        ? 'So large a surprise comes less than once in a hundred releases.'
        : 'A surprise of two deviations or more comes about once in twenty releases.',
      'Rates and currencies answer first; which holdings it touches is not in the signals.',
    ],
    watch: ['The next release of the same figure, and whether this one is revised.'],
  };
};
