import { subjectsOf, type Holdings } from '../instruments/portfolios.ts';
import type { World } from '../plan/world.ts';
import type { Incident } from './incidents.ts';
import { lossesOf } from './losses.ts';

/** An alert of one portfolio as a person saw it. */
export interface JudgedAlert {
  readonly subject: string;
  /** Source and id of the event that the alert names. */
  readonly source: string;
  readonly eventId: string;
  /** Only `urgent` alerts are judged. */
  readonly severity: string;
  /** An alert whose cause contains `loss` is judged as one about the loss of a position. */
  readonly cause: string;
  /** Key of the alerts that a person sees as one. It stands in the lists of the verdict. */
  readonly group: string;
}

export interface Verdict {
  /** Urgent incidents that concern the portfolio: what there should be an alert for. */
  readonly urgent: number;
  /** How many of these have no alert. */
  readonly missed: number;
  /** Alerts about anything else. */
  readonly false: number;
  /** Alerts about an incident that has one already. */
  readonly duplicates: number;
  readonly missedIncidents: readonly string[];
  readonly falseAlerts: readonly JudgedAlert[];
  readonly duplicateAlerts: readonly JudgedAlert[];
}

interface Expected {
  readonly id: string;
  readonly loss: boolean;
  readonly events: ReadonlySet<string>;
  /** It may have an alert, and need not: too close to the limit to say. */
  readonly optional: boolean;
}

/** Part of the limit: a loss nearer to it than this, above or below, may or may not have an alert. */
const UNCLEAR = 0.05;

/** Compares the alerts of one portfolio with the truth. */
export function judge(
  world: World,
  incidents: readonly Incident[],
  alerts: readonly JudgedAlert[],
  portfolio: Holdings,
): Verdict {
  const expected = expectedOf(world, incidents, portfolio);
  const seen = new Set<string>();
  const falseAlerts: JudgedAlert[] = [];
  const duplicateAlerts: JudgedAlert[] = [];
  for (const alert of alerts.filter(({ severity }) => severity === 'urgent')) {
    const event = `${alert.subject} ${alert.source} ${alert.eventId}`;
    const isLoss = alert.cause.includes('loss');
    const found = expected.find(({ loss, events }) => loss === isLoss && events.has(event));
    if (found === undefined) falseAlerts.push(alert);
    else if (seen.has(found.id)) duplicateAlerts.push(alert);
    else seen.add(found.id);
  }
  const needed = expected.filter(({ optional }) => !optional);
  const missedIncidents = needed.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
  return {
    urgent: needed.length,
    missed: missedIncidents.length,
    false: falseAlerts.length,
    duplicates: duplicateAlerts.length,
    missedIncidents,
    falseAlerts,
    duplicateAlerts,
  };
}

function expectedOf(world: World, incidents: readonly Incident[], portfolio: Holdings): Expected[] {
  const subjects = subjectsOf(portfolio);
  const urgent = incidents
    .filter((incident) => incident.urgent && (subjects.has(incident.subject) || incident.kind === 'circuit-breaker'))
    .map(({ id, subject, events }) => ({
      id,
      loss: false,
      optional: false,
      events: new Set(events.map((event) => `${subject} ${event.source} ${event.id}`)),
    }));
  return [
    ...urgent,
    ...portfolio.holdings.flatMap((holding) => lossBeyondLimit(world, holding, portfolio.maxPositionLossUsd)),
  ];
}

/** One per position and day. After a split the quantity may be the old or the new one, so nothing is expected. */
function lossBeyondLimit(
  world: World,
  { subject, quantity }: Holdings['holdings'][number],
  maxUsd: number | undefined,
): Expected[] {
  if (maxUsd === undefined || quantity === 0) return [];
  const limit = maxUsd / Math.abs(quantity);
  const isSplit = world.stories.some(({ kind, instrument }) => kind === 'split' && instrument.subject === subject);
  const beyond = [...lossesOf(world, subject, quantity > 0 ? 'long' : 'short')].filter(
    ({ usd }) => usd > limit * (1 - UNCLEAR),
  );
  const clear = beyond.filter(({ usd, silenced }) => usd > limit * (1 + UNCLEAR) && !silenced);
  const first = beyond[0];
  if (first === undefined) return [];
  return [
    {
      id: `${subject}.position-loss`,
      loss: true,
      events: new Set(beyond.map(({ event }) => `${subject} ${event.source} ${event.id}`)),
      optional: clear.length === 0 || first.silenced || isSplit,
    },
  ];
}
