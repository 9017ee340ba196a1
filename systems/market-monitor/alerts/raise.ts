import type { Match } from '../events/match.ts';
import { alertId, isMarketWide, isWithin, markQueued, pages, unqueued, type Alert } from './alert.ts';
import { decide } from './decide.ts';
import { aboutNoisyRule, isAboutDay, NOISY, noisyId, openingOf } from './noisy-rule.ts';
import type { AlertPorts, Standing } from './ports.ts';
import { quietUntil } from './quiet-hours.ts';
import { recipientsOf, type AlertPolicy } from './recipient.ts';
import type { Context } from './notifying.ts';

/** How often a write is tried against other writers of the same item. Each of them made progress. */
export const MAX_TRIES = 25;

/**
 * Brings matches into their alerts and queues what people must be notified of. It may be repeated at any point: a match counts
 * once, and a notification that was written but not queued is queued by the repetition, or by the sweep.
 *
 * Returns the ids of matches whose rule has stopped itself: nobody was notified of them, and no agent need explain them. A match
 * that is repeated and was counted before is none of them, so that a crash costs no analysis.
 */
export async function raise(ports: AlertPorts, matches: readonly Match[]): Promise<ReadonlySet<string>> {
  const loud = matches.filter(({ severity, resolves }) => severity !== 'info' || resolves === true);
  const byPortfolio = Map.groupBy(loud, ({ portfolio }) => portfolio);
  const stopped = new Set<string>();
  await Promise.all([...byPortfolio].map(([portfolio, own]) => raiseIn(ports, portfolio, own, stopped)));
  return stopped;
}

async function raiseIn(
  ports: AlertPorts,
  portfolio: string,
  matches: readonly Match[],
  stopped: Set<string>,
): Promise<void> {
  // A halt of the market first: it inhibits the alerts beside it.
  for (const first of [true, false])
    await raiseAll(
      ports,
      portfolio,
      matches.filter((match) => isMarketWide(match) === first),
      stopped,
    );
}

/** Reads side by side what it needs: people wait for each call that follows another. */
async function raiseAll(
  ports: AlertPorts,
  portfolio: string,
  matches: readonly Match[],
  stopped: Set<string>,
): Promise<void> {
  if (matches.length === 0) return;
  const groups = [...Map.groupBy(matches, alertId)];
  const [policy, standing, alerts] = await Promise.all([
    ports.policyOf(portfolio),
    ports.alerts.standing(portfolio),
    Promise.all(groups.map(([id]) => ports.alerts.get(id))),
  ]);
  if (policy === null) return;
  const raiseOne = async ([id, group]: readonly [string, readonly Match[]], at: number): Promise<void> => {
    const rule = (before: Alert | null) => decideAll(ports, { policy, standing, stopped }, before, group);
    const alert = await change(ports, id, rule, alerts[at]);
    if (alert !== null) await queueUnqueued(ports, policy, alert);
  };
  await Promise.all(groups.map(raiseOne));
}

/**
 * Changes an alert by a rule, as one conditional write. Returns the stored alert, or null if there is none.
 * @param rule the next version, or null if nothing changes
 * @param known as it was read or written last, which saves a read
 */
export async function change(
  { alerts }: Pick<AlertPorts, 'alerts'>,
  id: string,
  rule: (alert: Alert | null) => Promise<Alert | null> | Alert | null,
  known?: Alert | null,
): Promise<Alert | null> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const before: Alert | null = tries === 0 && known !== undefined ? known : await alerts.get(id);
    const next = await rule(before);
    if (next === null) return before;
    if ((await alerts.write(next)) === 'written') return next;
  }
  throw new Error(`The alert ${id} changed ${MAX_TRIES} times meanwhile. It is retried with its event.`);
}

interface Deciding {
  readonly policy: AlertPolicy;
  readonly standing: Standing;
  /** Gets the ids of matches whose rule has stopped itself. */
  readonly stopped: Set<string>;
}

/** All matches of one alert, as one next version. */
async function decideAll(
  ports: AlertPorts,
  { policy, standing, stopped }: Deciding,
  before: Alert | null,
  matches: readonly Match[],
): Promise<Alert | null> {
  const version = (before?.version ?? 0) + 1;
  let alert = before;
  for (const match of matches) {
    stopped.delete(match.id);
    const context = contextOf(policy, standing, ports.clock.now(), Date.parse(match.event.time));
    let next = decide(alert, match, context);
    // What is held back counts when it is told: a halt of the market may hold back more than a rule may tell on a day.
    const isTold = next !== null && pages(alert, next);
    if (isTold && (await isStopped(ports, match))) {
      next = decide(alert, match, { ...context, ruleStopped: true });
      stopped.add(match.id);
    } else if (!isTold && next !== null && (await wasStopped(ports, match))) stopped.add(match.id);
    alert = next === null ? alert : { ...next, version };
  }
  return alert === before ? null : alert;
}

/**
 * What a decision depends on, at this time.
 * @param eventTime of the match: whether the market was halted then
 */
export function contextOf(
  policy: AlertPolicy,
  { marketWide, silences }: Standing,
  now: number,
  eventTime = Infinity,
): Context {
  return {
    now,
    quietUntil: quietUntil(policy.quiet, now),
    inhibitedBy: marketWide.find((alert) => isWithin(alert, eventTime))?.id ?? null,
    silences,
    ruleStopped: false,
    repeatAfterMs: policy.repeatAfterMs ?? 0,
  };
}

/** Counts that people are to be notified of a match. True: its rule has told them too much. They are notified once of that. */
export async function isStopped(ports: AlertPorts, match: Match): Promise<boolean> {
  if (match.cause === NOISY) return false;
  const opening = openingOf(match, ports.clock.now());
  if ((await ports.alerts.countOpening(opening)) === 'counted') return false;
  await raise(ports, [aboutNoisyRule(match, opening.day)]);
  return true;
}

/** Whether the rule of an urgent match, of which nobody is notified again, has stopped itself on this day. */
async function wasStopped(ports: AlertPorts, match: Match): Promise<boolean> {
  if (match.severity !== 'urgent' || match.resolves === true || match.cause === NOISY) return false;
  const about = await ports.alerts.get(noisyId(match));
  return about !== null && isAboutDay(about, ports.clock.now());
}

/** Queues the notifications of an alert that are not queued yet, for each recipient, then says so in the alert. */
export async function queueUnqueued(ports: AlertPorts, policy: AlertPolicy, alert: Alert): Promise<void> {
  const waiting = unqueued(alert);
  if (waiting.length === 0) return;
  const messages = waiting.flatMap((notification) =>
    recipientsOf(policy, notification).map(({ name }) => ({
      type: 'alert-delivery' as const,
      alert: alert.id,
      notification: notification.id,
      recipient: name,
    })),
  );
  await ports.deliveries.send(messages);
  const ids = new Set(waiting.map(({ id }) => id));
  await change(ports, alert.id, (before) => before && markQueued(before, ids), alert);
}
