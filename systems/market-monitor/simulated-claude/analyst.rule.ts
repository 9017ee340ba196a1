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

/** Below the 200 that a reason may have. */
const MAX_REASON = 170;

/** The text as far as it fits, in whole words: half a figure would be one that no signal has. */
function startOf(text: string): string {
  let start = '';
  for (const word of text.trim().replaceAll('\n', '; ').split(' ')) {
    if (start.length + word.length + 1 > MAX_REASON) break;
    start += `${word} `;
  }
  return start.trim();
}

/** Explains signals for the simulated Claude, from what the request says alone. */
export default {
  name: 'market-analyst',
  matches: ({ schema, text }: Request): boolean =>
    'classification' in (schema?.properties ?? {}) && text.startsWith('<signals-'),
  answer({ text, schema }: Request) {
    const { ticker, events } = readSignals(text);
    const { enum: classes = [] } = (schema?.properties?.['classification'] ?? {}) as Classification;
    const chosen = classOf(classes, events);
    // Events with words alone can be a reason: what code measured stands in the alert already.
    const drivers = events
      .filter(({ text: words }) => words !== '')
      .slice(0, 3)
      .map(({ label, text: words }) => ({ event: label, why: `It says: ${startOf(words)}` }));
    const what = `${ticker}: ${chosen.name.replaceAll('-', ' ')}.`;
    return {
      json: {
        classification: chosen.name,
        summary: drivers.length === 0 ? `${what} No event that was read gives a reason.` : what,
        confidence: chosen.confidence,
        drivers,
        watch: ['Whether further events of this subject follow.'],
      },
    };
  },
};
