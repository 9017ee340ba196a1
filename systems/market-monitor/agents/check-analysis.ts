import type { Analysis } from './analysis.ts';

/** What an answer is checked against. */
export interface AnalysisContext {
  readonly labels: readonly string[];
  /** The message that the model read. */
  readonly text: string;
}

/** A driver must be an event that was given, and a figure must stand in the signals: the model computes none. */
export function checkAnalysis({ drivers, summary }: Analysis, { labels, text }: AnalysisContext): string[] {
  const unknown = drivers.filter(({ event }) => !labels.includes(event));
  const known = new Set(figuresIn(text));
  const invented = figuresIn(summary).filter((figure) => !known.has(figure));
  return [
    ...unknown.map(({ event }) => `drivers name ${event}, which is not an event: use ${labels.join(', ')}.`),
    ...invented.map((figure) => `The summary has the figure ${figure}, which no signal has: use figures as given.`),
  ];
}

/** Drops drivers that are still wrong after the repair, and hides figures that no signal has. */
export function salvageAnalysis(analysis: Analysis, { labels, text }: AnalysisContext) {
  const drivers = analysis.drivers.filter(({ event }) => labels.includes(event));
  const known = new Set(figuresIn(text));
  const summary = analysis.summary.replaceAll(FIGURE, (figure) => (known.has(plain(figure)) ? figure : '[…]'));
  return { output: { ...analysis, drivers, summary }, warnings: ['What no signal shows was removed by code.'] };
}

const FIGURE = /\d+(?:,\d{3})*(?:\.\d+)?/g;

/** Without separators and zeros at the end, so that 7.50 % is the 7.5 that was given. */
const plain = (figure: string): string => String(Number(figure.replaceAll(',', '')));

const figuresIn = (text: string): string[] => [...text.matchAll(FIGURE)].map(([figure]) => plain(figure));
