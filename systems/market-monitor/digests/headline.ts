import { usd } from '../alerts/formats/words.ts';
import { localTime } from '#core/parse/local-time.ts';
import type { Digest } from './digest.ts';

type Said = Omit<Digest, 'headline'>;

/** `14:00 to 15:00 on 2026-11-27 (Europe/Vienna)`. */
export function periodWords({ portfolio: { zone }, period }: Pick<Digest, 'portfolio' | 'period'>): string {
  const from = localTime(Date.parse(period.from), zone);
  const to = localTime(Date.parse(period.to), zone);
  const what = period.kind === 'session' ? 'the session from ' : '';
  return `${what}${from.time} to ${to.time} on ${from.date} (${zone})`;
}

/** The hour of a late event in the reader's zone. */
export function hourWords(hour: string, zone: string): string {
  const { date, time } = localTime(Date.parse(`${hour}:00:00Z`), zone);
  return `${time} on ${date}`;
}

/** One line. Of a period without news it is the whole digest. */
export function headlineOf(digest: Said): string {
  const { happened, open, late, held, covers } = digest;
  if (happened.length === 0 && late.length === 0) return nothingWords(digest);
  const most = happened[0];
  const parts = [
    `${plural(covers.matches, 'signal')} about ${plural(happened.length + covers.leftOut, 'instrument')}`,
    ...(covers.urgent > 0 ? [`${covers.urgent} urgent`] : []),
    ...(most === undefined ? [] : [`most at stake: ${most.ticker} with ${usd(most.atStakeUsd)}`]),
    ...(open.length > 0 ? [`${plural(open.length + covers.openLeftOut, 'alert')} open`] : []),
    ...(held.length > 0 ? [`${held.length + covers.heldLeftOut} held back`] : []),
    ...(late.length > 0 ? [`${covers.late} late`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function nothingWords({ open, held, covers }: Said): string {
  const seen = covers.events === null ? '' : ` ${plural(covers.events, 'event')} seen.`;
  const still = open.length === 0 ? '' : ` ${plural(open.length + covers.openLeftOut, 'alert')} still open.`;
  const back = held.length === 0 ? '' : ` ${held.length + covers.heldLeftOut} held back.`;
  const silent = covers.silentSources.length === 0 ? '' : ` Silent: ${covers.silentSources.join(', ')}.`;
  return `Nothing that concerns this portfolio.${seen}${still}${back}${silent}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
