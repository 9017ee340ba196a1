import { localTime } from '#core/parse/local-time.ts';
import { sessionAt } from '../calendar/xnys.ts';
import type { Match } from '../events/match.ts';
import { changeOf, isSilent, SILENT_MS, type Source } from './source.ts';
import type { SourceStore } from './store.ts';

export interface WatchPorts {
  readonly sources: Pick<SourceStore, 'list' | 'setQuiet'>;
  /** Brings matches into their alerts. */
  raise(matches: readonly Match[]): Promise<void>;
}

/**
 * The dead man's switch: tells each portfolio once a session that a source has fallen silent while the exchange is open, and
 * resolves that when it is heard again. While the alert of an earlier session is open, people are not notified anew. A crash
 * before the last write repeats it, and the alert counts a match once.
 */
export async function watchSources(ports: WatchPorts, portfolios: readonly string[], now: number): Promise<void> {
  for (const source of await ports.sources.list()) {
    const change = changeOf(source, now);
    if (change === null) continue;
    await ports.raise(portfolios.map((portfolio) => matchAbout(source, portfolio, change, now)));
    await ports.sources.setQuiet(source.name, change === 'falls-silent' ? now : null);
  }
}

/** Names of the sources that are silent now. */
export const silentNames = (sources: readonly Source[], now: number): string[] =>
  sources.filter((source) => source.quietSince !== undefined || isSilent(source, now)).map(({ name }) => name);

function matchAbout(
  { name, lastAt, quietSince = lastAt }: Source,
  portfolio: string,
  change: 'falls-silent' | 'is-back',
  now: number,
): Match {
  const isBack = change === 'is-back';
  // The id of a silence differs in each session.
  const from = Math.max(lastAt, sessionAt(now)?.opensAt ?? 0);
  const id = isBack ? `back/${name}/${quietSince}` : `silent/${name}/${from}`;
  const since = lastAt === 0 ? 'yet' : `since ${localTime(lastAt, 'America/New_York').time} in New York`;
  return {
    id,
    portfolio,
    rule: 'silent-source',
    rulesVersion: 0,
    severity: 'urgent',
    subject: `source:${name.replaceAll('/', '_').replaceAll('#', '_')}`,
    ticker: name,
    cause: 'silent-source',
    title: isBack
      ? `The source ${name} is heard again.`
      : `The stream is quiet: the source ${name} has sent nothing ${since}, and the exchange is open.`,
    values: {},
    atStakeUsd: 0,
    event: {
      source: name,
      id,
      type: 'market.source.v1',
      time: new Date(isBack ? lastAt : from + SILENT_MS).toISOString(),
    },
    arrivedAt: now,
    late: false,
    agent: null,
    ...(isBack && { resolves: true }),
  };
}
