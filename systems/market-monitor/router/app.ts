import type { CloudEvent } from '#core/streams/cloud-event.ts';
import type { StreamApp } from '#core/streams/app.ts';
import { raise } from '../alerts/raise.ts';
import type { AlertPorts } from '../alerts/ports.ts';
import { findingOf } from '../digests/finding.ts';
import { recordFindings, type RecordPorts } from '../digests/record-finding.ts';
import type { SubjectState } from '../instruments/state.ts';
import type { Watchers } from '../portfolios/watched.ts';
import { marketRouter } from './apply.ts';
import type { Effect } from './effects.ts';
import { explainAll, type ExplainPorts } from './explain.ts';
import type { Tally } from './tally.ts';

export interface MarketPorts {
  /** The portfolios by subject. */
  watchers(now: number): Promise<Watchers>;
  readonly alerts: AlertPorts;
  /** Keeps what the digests are made of. */
  readonly records: RecordPorts;
  readonly explain: ExplainPorts;
  readonly tally: Pick<Tally, 'note' | 'noteRejected'>;
  /** Has events applied as if the stream had brought them. Throws if one could not be. */
  publish(events: readonly CloudEvent[]): Promise<void>;
}

/** The app of the monitor's stream: rules are judged in `apply`, and people and analysts are reached in `perform`. */
export const marketApp = (ports: MarketPorts): StreamApp<SubjectState, Watchers, Effect> => ({
  ...marketRouter,
  // A halt of the market inhibits the alerts beside it.
  isFirst: (subject) => subject.startsWith('market:'),
  prepare: async (_subjects, now) => ports.watchers(now),
  handled: (events) => events.forEach((event) => ports.tally.note(event)),
  rejected: (times) => ports.tally.noteRejected(times),
  perform: async (_subject, effects) => perform(ports, effects),
});

/** Alerts first: nothing that people wait for comes after what they do not wait for. */
async function perform(ports: MarketPorts, effects: readonly Effect[]): Promise<void> {
  const found = effects.flatMap((effect) => (effect.kind === 'match' ? [effect] : []));
  const matches = found.map(({ match }) => match);
  const stopped = await raise(ports.alerts, matches);
  const events = effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.event] : []));
  await Promise.all([
    recordFindings(
      ports.records,
      matches.flatMap((match) => findingOf(match, ports.alerts.clock.now()) ?? []),
    ),
    explainAll(
      ports.explain,
      found.filter(({ match }) => !stopped.has(match.id)),
    ),
    events.length === 0 ? undefined : ports.publish(events),
  ]);
}
