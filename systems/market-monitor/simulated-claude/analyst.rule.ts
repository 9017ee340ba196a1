import { classByWords } from './class-of.ts';
import { explainCorrelation, explainMove, explainVolatility, explainVolume } from './explain-prices.ts';
import {
  explainEarnings,
  explainFiling,
  explainInsider,
  explainMacro,
  explainNews,
  explainRating,
} from './explain-texts.ts';
import type { Explain } from './explanation.ts';
import { givesOrders, reasonIn } from './quote.ts';
import { readSignals } from './read-signals.ts';

/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly text: string;
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
}

interface Classification {
  readonly enum?: readonly string[];
}

/** Each analyst by a class that it alone has. */
const ANALYSTS: readonly (readonly [string, Explain])[] = [
  ['technical', explainMove],
  ['accumulation', explainVolume],
  ['transient', explainVolatility],
  ['coincidence', explainCorrelation],
  ['very-negative', explainNews],
  ['bankruptcy', explainFiling],
  ['routine', explainInsider],
  ['downgrade', explainRating],
  ['in-line', explainEarnings],
];

/** The analyst of the economy shares a class with that of results. */
const analystOf = (classes: readonly string[]): Explain =>
  classes.includes('policy') ? explainMacro : (ANALYSTS.find(([name]) => classes.includes(name))?.[1] ?? explainMove);

/** Classes by figures come first where code measured them: words of a text may be about anything. */
const BY_FIGURES: ReadonlySet<Explain> = new Set([explainInsider, explainRating, explainEarnings, explainMacro]);

/** Explains signals for the simulated Claude, from what the request says alone. */
export default {
  name: 'market-analyst',
  matches: ({ schema, text }: Request): boolean =>
    'classification' in (schema?.properties ?? {}) && text.startsWith('<signals-'),
  answer({ text, schema }: Request) {
    const { ticker, events } = readSignals(text);
    const { enum: classes = [] } = (schema?.properties?.['classification'] ?? {}) as Classification;
    const explain = analystOf(classes);
    // Events with words alone can be a reason: what code measured stands in the alert already.
    const worded = events.filter(({ text: words }) => words !== '');
    const reasons = worded.filter((event) => !givesOrders(event));
    const { classification, summary, watch } = explain({ ticker, events, reasons });
    const byFigures = { name: classification ?? classes.findLast((name) => name !== 'superseded') ?? 'other' };
    const byWords = BY_FIGURES.has(explain) ? null : classByWords(classes, events);
    const isKnown = BY_FIGURES.has(explain) && events.length > 0;
    return {
      json: {
        classification: byWords?.name ?? byFigures.name,
        summary: summary.join(' '),
        confidence: byWords?.confidence ?? (isKnown ? 0.8 : 0.4),
        drivers: worded.slice(0, 3).map((event) => ({ event: event.label, why: reasonIn(event) })),
        watch: [...watch],
      },
    };
  },
};
