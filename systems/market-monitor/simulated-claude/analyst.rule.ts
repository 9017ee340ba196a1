import { classOf } from './class-of.ts';
import { readSignals } from './read-signals.ts';

/** The part of the simulated Claude's request that this rule reads. */
interface Request {
  readonly text: string;
  readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } | null;
}

interface Classification {
  readonly enum?: readonly string[];
}

/** Explains signals for the simulated Claude, from what the request says alone. */
export default {
  name: 'market-analyst',
  matches: ({ schema, text }: Request): boolean =>
    'classification' in (schema?.properties ?? {}) && text.startsWith('<signals-'),
  answer({ text, schema }: Request) {
    const { ticker, events } = readSignals(text);
    const { enum: classes = [] } = (schema?.properties?.['classification'] ?? {}) as Classification;
    const [first] = events;
    const chosen = classOf(classes, events);
    const drivers = events.slice(0, 3).map(({ label, text: words }) => ({
      event: label,
      why: words === '' ? 'Code measured it.' : 'Its text names the reason.',
    }));
    const reason = events.some(({ text: words }) => words !== '')
      ? 'The texts of the events give the reason.'
      : 'No text gives a reason.';
    return {
      json: {
        classification: chosen.name,
        summary: `${ticker}: ${first?.measured ?? 'nothing was measured.'} ${reason}`,
        confidence: chosen.confidence,
        drivers,
        watch: ['Whether further events of this subject follow.'],
      },
    };
  },
};
