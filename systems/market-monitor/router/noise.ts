import type { Match } from '../events/match.ts';
import type { SubjectState } from '../instruments/state.ts';
import { hashOf } from '../rules/evaluate.ts';

/** Matches of one rule, portfolio and subject within an hour. A rule that means something has fewer. */
export const MAX_MATCHES_PER_HOUR = 12;
/** Urgent matches of one rule, portfolio, subject and step within an hour that an agent explains. */
export const MAX_EXPLAINED_PER_HOUR = 3;
const HOUR_MS = 3_600_000;
/** Rules of all portfolios that matched within an hour, of one subject. Of more, those that came last are not counted. */
const MAX_COUNTED = 500;

/**
 * Stops a rule that matches too often: what goes on after the limit is dropped, and one warning about the rule takes its
 * place. Urgent matches and those that end an alert always pass: the alert decides whether people hear of them again. Only the
 * first ones of an hour, and of each further step, ask an agent.
 */
export function withoutNoise(
  state: SubjectState,
  matches: readonly Match[],
  time: number,
): { readonly state: SubjectState; readonly matches: readonly Match[] } {
  if (matches.length === 0) return { state, matches };
  const hour = Math.floor(time / HOUR_MS);
  // A late event of an earlier hour counts to the newest one, so that the count never starts again.
  const isNewer = state.matched === undefined || hour > state.matched.hour;
  const counts = isNewer ? {} : { ...state.matched?.counts };
  const counted = matches.flatMap((match): Match[] => {
    if (match.resolves === true) return [match];
    if (match.severity === 'urgent') return [withinExplained(match, counts)];
    const key = hashOf(match.portfolio, match.rule).slice(0, 8);
    const count = (counts[key] ?? 0) + 1;
    if (count === 1 && Object.keys(counts).length >= MAX_COUNTED) return [match];
    if (count <= MAX_MATCHES_PER_HOUR + 1) counts[key] = count;
    if (count <= MAX_MATCHES_PER_HOUR) return [match];
    return count === MAX_MATCHES_PER_HOUR + 1 ? [warningAbout(match, hour)] : [];
  });
  const matched = { ...state.matched, hour: isNewer ? hour : (state.matched?.hour ?? hour), counts };
  return { state: { ...state, matched }, matches: counted };
}

/** The match, without its agent if enough of its kind were explained within the hour. Counts it. */
function withinExplained(match: Match, counts: Record<string, number>): Match {
  if (match.agent === null) return match;
  const key = hashOf('explained', match.portfolio, match.rule, String(match.step ?? 1)).slice(0, 8);
  const count = (counts[key] ?? 0) + 1;
  if (count > MAX_EXPLAINED_PER_HOUR) return { ...match, agent: null };
  if (count > 1 || Object.keys(counts).length < MAX_COUNTED) counts[key] = count;
  return match;
}

function warningAbout(match: Match, hour: number): Match {
  const { rule, portfolio } = match;
  return {
    ...match,
    id: hashOf('noisy-rule', portfolio, rule, match.subject, String(hour)),
    severity: 'warning',
    step: 1,
    subject: `rule:${rule}`,
    cause: 'noisy-rule',
    title: `The rule ${rule} matched more than ${MAX_MATCHES_PER_HOUR} times within an hour for ${match.ticker}. Its further matches of the hour are dropped. Restrict it, and try it with fleet rules test.`,
    agent: null,
  };
}

/** A warning about a rule that cannot be evaluated, once per hour and subject. */
export function warningAboutBroken(match: Omit<Match, 'id' | 'title' | 'cause' | 'severity' | 'agent'>): Match {
  const hour = Math.floor(Date.parse(match.event.time) / HOUR_MS);
  return {
    ...match,
    id: hashOf('broken-rule', match.portfolio, match.rule, match.subject, String(hour)),
    severity: 'warning',
    cause: 'broken-rule',
    title: `The rule ${match.rule} has no result for an event of ${match.ticker}. Guard it against figures that are 0.`,
    agent: null,
  };
}
