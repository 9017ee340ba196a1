import { localTime } from '#core/parse/local-time.ts';
import { sessionAt } from '../calendar/xnys.ts';
import { ownMatch, type Match } from '../events/match.ts';
import { changeOf, isSilent, silentMsOf, STREAM, type Patience, type Source } from './source.ts';
import type { SourceStore } from './store.ts';

export interface WatchPorts {
  readonly sources: Pick<SourceStore, 'list' | 'setQuiet'>;
  /** Brings matches into their alerts. */
  raise(matches: readonly Match[]): Promise<unknown>;
}

/**
 * The dead man's switch: tells each portfolio once a session that the stream or a source has fallen silent while the exchange
 * is open, and resolves that when it is heard again. While the alert of an earlier session is open, people are not notified
 * anew. While all of the stream is silent, no single source is told of. A crash before the last write repeats it, and the
 * alert counts a match once.
 */
export async function watchSources(
  ports: WatchPorts,
  portfolios: readonly string[],
  now: number,
  patience: Patience,
): Promise<void> {
  const all = await ports.sources.list();
  const isQuiet = all.some((source) => source.name === STREAM && isSilent(source, now, patience));
  for (const source of all) {
    const change = changeOf(source, now, patience);
    if (change === null || (change === 'falls-silent' && isQuiet && source.name !== STREAM)) continue;
    const silentMs = silentMsOf(source, patience) ?? 0;
    await ports.raise(portfolios.map((portfolio) => matchAbout(source, portfolio, { change, now, silentMs })));
    await ports.sources.setQuiet(source.name, change === 'falls-silent' ? now : null);
  }
}

/** Names of the sources that are silent now. */
export const silentNames = (sources: readonly Source[], now: number, patience: Patience): string[] =>
  sources
    .filter((source) => silentMsOf(source, patience) !== null)
    .filter((source) => source.quietSince !== undefined || isSilent(source, now, patience))
    .map(({ name }) => name);

interface Noticed {
  readonly change: 'falls-silent' | 'is-back';
  readonly now: number;
  readonly silentMs: number;
}

function matchAbout(
  { name, lastAt, quietSince = lastAt }: Source,
  portfolio: string,
  { change, now, silentMs }: Noticed,
): Match {
  const isBack = change === 'is-back';
  // The id of a silence differs in each session.
  const from = Math.max(lastAt, sessionAt(now)?.opensAt ?? 0);
  const id = isBack ? `back/${name}/${quietSince}` : `silent/${name}/${from}`;
  return ownMatch({
    id,
    portfolio,
    rule: 'silent-source',
    severity: 'urgent',
    subject: `source:${name.replaceAll('/', '_').replaceAll('#', '_')}`,
    ticker: name,
    cause: 'silent-source',
    title: titleOf(name, isBack, lastAt),
    event: {
      source: name,
      id,
      type: 'market.source.v1',
      time: new Date(isBack ? lastAt : from + silentMs).toISOString(),
    },
    arrivedAt: now,
    ...(isBack && { resolves: true }),
  });
}

function titleOf(name: string, isBack: boolean, lastAt: number): string {
  const [quiet, again] =
    name === STREAM
      ? ['no event has come', 'Events come again.']
      : [`the source ${name} has sent nothing`, `The source ${name} is heard again.`];
  const since = lastAt === 0 ? 'yet' : `since ${localTime(lastAt, 'America/New_York').time} in New York`;
  return isBack ? again : `The stream is quiet: ${quiet} ${since}, and the exchange is open.`;
}
