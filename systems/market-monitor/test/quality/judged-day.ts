import { simulateMarket, type MarketRecord, type Verdict } from '@agent-fleet/simulated-market';
import { systemClock } from '#adapters/node/clock.ts';
import { Router } from '#core/streams/route.ts';
import { inMemorySetAside, inMemorySubjects } from '#test/support/fakes/in-memory-subjects.ts';
import { sweep } from '../../alerts/act.ts';
import type { Alert } from '../../alerts/alert.ts';
import { policyOf } from '../../alerts/policies.ts';
import { raise } from '../../alerts/raise.ts';
import { holdingsForJudge, portfoliosFor } from '../../cli/market/demo-portfolios.ts';
import { stateSchema } from '../../instruments/state.ts';
import { prepared, watchersOf } from '../../portfolios/watched.ts';
import { marketRouter } from '../../router/apply.ts';
import type { Effect } from '../../router/effects.ts';
import { stillHolds } from '../../rules/stands.ts';
import { memoryPorts, MINUTE } from '../alerts/support.ts';
import { secondsOf } from '../bench/slice.ts';

const MEMORY_MS = 48 * 3_600_000;

export interface JudgedDay extends Pick<Verdict, 'urgent' | 'missed' | 'false' | 'duplicates'> {
  readonly events: number;
}

/**
 * What people are told on a simulated day, by the rules and the alerts in one process, at the day's own time, compared with
 * what the simulated market knows. The sample portfolios hold it.
 */
export async function judgedDay(options: NonNullable<Parameters<typeof simulateMarket>[0]>): Promise<JudgedDay> {
  const simulated = simulateMarket(options);
  const files = portfoliosFor('http://127.0.0.1:9/', simulated.session.day);
  const alerts = dayOfAlerts(files);
  const records = simulated.records().toArray();
  for (const group of secondsOf(records)) await alerts.route(group);
  await alerts.until((records.at(-1)?.at ?? 0) + 30 * MINUTE);
  const sum = { urgent: 0, missed: 0, false: 0, duplicates: 0 };
  for (const portfolio of holdingsForJudge()) {
    const verdict = simulated.truth.judge(alerts.told(portfolio.id), portfolio);
    for (const key of ['urgent', 'missed', 'false', 'duplicates'] as const) sum[key] += verdict[key];
  }
  return { events: records.length, ...sum };
}

function dayOfAlerts(files: ReturnType<typeof portfoliosFor>) {
  const portfolios = files.map((file) => prepared(file, { version: 1, asOf: file.asOf ?? '' }).portfolio);
  const watchers = watchersOf(portfolios);
  const subjects = inMemorySubjects();
  const ports = memoryPorts();
  ports.policyOf = (id) => {
    const portfolio = files.find((file) => file.id === id);
    const saved = { version: 1, savedAt: 0, by: 'a test', changes: [] };
    return Promise.resolve(portfolio === undefined ? null : policyOf({ ...saved, portfolio }));
  };
  ports.stillHolds = ({ portfolio: id, rule, subject }, since) => {
    const portfolio = portfolios.find((each) => each.id === id);
    const state = stateSchema.parse(subjects.read(subject)?.state ?? {});
    return Promise.resolve(portfolio === undefined ? false : stillHolds(portfolio, { rule, subject }, state, since));
  };
  const perform = async (_subject: string, effects: readonly Effect[]): Promise<void> => {
    await raise(
      ports,
      effects.flatMap((effect) => (effect.kind === 'match' ? [effect.match] : [])),
    );
  };
  const isFirst = (subject: string): boolean => subject.startsWith('market:');
  const router = new Router({
    app: { ...marketRouter, isFirst, prepare: () => Promise.resolve(watchers), perform },
    subjects: subjects.store,
    setAside: inMemorySetAside().store,
    clock: { ...systemClock(), now: () => ports.time.now },
    report: () => undefined,
    memoryMs: MEMORY_MS,
  });
  let routed = 0;
  let swept = 0;
  /** The clock of the fleet sweeps each minute. */
  async function until(time: number): Promise<void> {
    if (swept === 0) swept = time;
    for (; swept + MINUTE <= time; swept += MINUTE) {
      ports.time.now = swept + MINUTE;
      await sweep(ports, () => true);
    }
    ports.time.now = time;
  }
  return {
    until,
    async route(group: readonly MarketRecord[]): Promise<void> {
      const at = group.at(-1)?.at ?? 0;
      await until(at);
      const given = group.map(({ key, bytes }) => {
        routed += 1;
        return { stream: 'day', partition: '0', position: String(routed), key, bytes, arrivedAt: at };
      });
      await router.route(given, () => Infinity);
    },
    /** Urgent notifications of a step, as the judge reads them. */
    told: (portfolio: string) =>
      [...ports.alerts.items.values()].filter((alert) => alert.portfolio === portfolio).flatMap(urgentOf),
  };
}

const urgentOf = ({ id, subject, cause, notifications }: Alert) =>
  notifications
    .filter(({ why, severity }) => (why === 'first' || why === 'escalated') && severity === 'urgent')
    .map(({ event, severity }) => ({ subject, source: event.source, eventId: event.id, severity, cause, group: id }));
