import type { Analysis } from './analysis.ts';

/**
 * An analysis as people read it: what happened and why, the reasons that its events give, how sure the analyst is, and what to
 * look at next. Words of a model.
 */
export function analysisText({
  classification,
  summary,
  confidence,
  drivers,
  watch,
}: Pick<Analysis, 'classification' | 'summary' | 'confidence' | 'drivers' | 'watch'>): string {
  const reasons = [...new Set(drivers.map(({ why }) => why))];
  return [
    summary,
    ...(reasons.length === 0 ? [] : [`Because: ${reasons.map(ended).join(' ')}`]),
    `Class: ${classification.replaceAll('-', ' ')}, ${Math.round(confidence * 100)} % sure.`,
    ...(watch.length === 0 ? [] : [`Watch: ${watch.join(' ')}`]),
  ].join(' ');
}

/** A reason is a sentence, also where the model forgets its end. */
const ended = (text: string): string => (/[.!?…”"]$/.test(text) ? text : `${text}.`);
