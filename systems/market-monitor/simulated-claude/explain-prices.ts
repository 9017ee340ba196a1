import { figureIn, lastSeen, size, type Explain } from './explanation.ts';

/** Moves of a price: whether it jumped or built up, and whether something that came with it gives a reason. */
export const explainMove: Explain = ({ ticker, events, reasons }) => {
  const [day, dayPeak] = [figureIn(events, 'dayPct'), figureIn(events, 'dayPeak')];
  const [fast, fastPeak] = [figureIn(events, 'fastPct'), figureIn(events, 'fastPeak')];
  const summary: string[] = [];
  if (fast !== undefined && fastPeak !== undefined) summary.push(jumpWords(fast, fastPeak));
  if (day !== undefined && dayPeak !== undefined) summary.push(pathWords(day, dayPeak));
  summary.push(...lastSeen(figureIn(events, 'returnQuietMinutes'), 'such move'));
  summary.push(
    reasons.length > 0
      ? 'What came with it gives a reason, which the price need not have followed.'
      : 'No news and no filing came with it, so why is not known.',
  );
  return {
    classification: reasons.length > 0 ? undefined : 'unexplained',
    summary,
    watch: [
      'Whether the next bars keep the move or take it back.',
      reasons.length > 0 ? `What ${ticker} itself says.` : `A filing or a headline about ${ticker}.`,
    ],
  };
};

function jumpWords(fast: number, before: number): string {
  const kind = fast < 0 ? 'fall' : 'rise';
  return before >= Math.abs(fast) / 2
    ? `A ${kind} of ${size(before)} % within five minutes came before it in the session, so it goes on.`
    : `It is a jump: until then, no ${kind} of the session within five minutes was beyond ${size(before)} %.`;
}

function pathWords(day: number, before: number): string {
  const [kind, side] = day < 0 ? ['lowest', 'below'] : ['highest', 'above'];
  return before >= Math.abs(day) / 2
    ? `Over the day it built up: its ${kind} close so far was ${size(before)} % ${side} that of the day before.`
    : `Over the day it is new: its ${kind} close so far was ${size(before)} % ${side} that of the day before.`;
}

export const explainVolume: Explain = ({ events, reasons }) => {
  const day = figureIn(events, 'dayPct') ?? 0;
  const fast = figureIn(events, 'fastPct') ?? 0;
  const who = fast < 0 ? 'Sellers were more eager than buyers' : 'Buyers were more eager than sellers';
  return {
    classification: reasons.length > 0 ? 'event-driven' : fast < 0 ? 'distribution' : 'accumulation',
    summary: [
      `${who}; since the previous close the price ${day < 0 ? 'is down' : 'is up'} ${size(day)} %.`,
      ...lastSeen(figureIn(events, 'volumeQuietMinutes'), 'unusual volume'),
      reasons.length > 0 ? 'What came with it may be the reason.' : 'Who traded and why is not known.',
    ],
    watch: [
      'Whether the volume stays high in the next bars.',
      'A block trade or a change of an index, if one is published.',
    ],
  };
};

export const explainVolatility: Explain = ({ events, reasons }) => {
  const [day, quiet] = [figureIn(events, 'dayPct') ?? 0, figureIn(events, 'volatilityQuietMinutes')];
  const isBack = quiet !== undefined && quiet < 390;
  return {
    classification: reasons.length > 0 ? 'event-driven' : isBack ? 'regime-change' : 'transient',
    summary: [
      Math.abs(day) < 3
        ? `The price swings and goes nowhere: it is ${size(day)} % from the previous close.`
        : `The price goes one way: it is ${size(day)} % ${day < 0 ? 'below' : 'above'} the previous close.`,
      ...lastSeen(quiet, 'such volatility'),
      isBack
        ? 'It came back within a session, which speaks for a change that lasts.'
        : 'A single jump would look the same.',
    ],
    watch: ['The range of the next three bars: if it stays as wide, this is no single jump.'],
  };
};

export const explainCorrelation: Explain = ({ events, reasons }) => {
  const [before, share] = [figureIn(events, 'movingBefore') ?? 0, figureIn(events, 'movingShare') ?? 0];
  return {
    classification: share >= 0.8 ? 'market-move' : 'unexplained',
    summary: [
      `Before this holding, ${size(before)} others had moved the same way within half an hour.`,
      share >= 0.8
        ? 'So large a share speaks for the whole market rather than for one sector.'
        : 'So many at once are seldom a coincidence; a sector, a rate and the whole market are possible.',
      ...(reasons.length > 0 ? [] : ['No signal names what they have in common.']),
    ],
    watch: ['Whether an index of the market moved as far.', 'Whether the holdings that moved share a sector.'],
  };
};
