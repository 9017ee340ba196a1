import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { sweep } from '../../alerts/act.ts';
import { raise } from '../../alerts/raise.ts';
import { isSilent, type Patience, type Source } from '../../sources/source.ts';
import { Tally } from '../../router/tally.ts';
import { marketSettings } from '../../settings.ts';
import { dynamodbSources } from '../../sources/store.ts';
import { silentNames, watchSources } from '../../sources/watch.ts';
import { memoryPorts, MINUTE } from '../alerts/support.ts';

const PATIENCE: Patience = { streamMs: 5 * MINUTE };

/** On the Friday after Thanksgiving, open from 14:30 to 18:00 UTC. */
const at = (time: string, day = '27'): number => Date.parse(`2026-11-${day}T${time}:00Z`);

describe('a source is silent', () => {
  test.each([
    ['after five minutes of the session', at('15:00'), at('15:05'), true],
    ['not before', at('15:00'), at('15:04'), false],
    ['not before the exchange opens', at('14:00'), at('14:29'), false],
    ['five minutes after it opened', at('14:00'), at('14:35'), true],
    ['not four minutes after it opened', at('14:00'), at('14:34'), false],
    ['not after the close', at('17:50'), at('18:00'), false],
    ['just before the close', at('17:50'), at('17:59'), true],
    ['not on a holiday', at('15:00', '26'), at('16:00', '26'), false],
    ['not at a weekend', at('15:00', '27'), at('16:00', '28'), false],
    ['after the weekend', at('15:00', '27'), at('14:36', '30'), true],
    ['however long it was not heard', at('15:00', '20'), at('15:00', '27'), true],
    ['also if it was never heard', 0, at('14:35'), true],
  ])('%s', (_, lastAt, now, expected) => {
    expect(isSilent({ name: 'bars', lastAt }, now, PATIENCE)).toBe(expected);
  });
});

describe("the dead man's switch", () => {
  function opened() {
    const sources = new Map<string, Source>([['bars', { name: 'bars', lastAt: at('15:00') }]]);
    const ports = memoryPorts();
    const watch = (time: string, day?: string) => {
      ports.time.now = at(time, day);
      return watchSources(watchPorts, ['tech'], ports.time.now, PATIENCE);
    };
    const watchPorts = {
      sources: {
        list: () => Promise.resolve([...sources.values()]),
        setQuiet: (name: string, since: number | null) => {
          const { quietSince: _, ...source } = sources.get(name) ?? { name, lastAt: 0 };
          sources.set(name, since === null ? source : { ...source, quietSince: since });
          return Promise.resolve();
        },
      },
      raise: (matches: Parameters<typeof raise>[1]) => raise(ports, matches),
    };
    const said = () =>
      (ports.alerts.items.get('tech/source:bars/silent-source')?.notifications ?? []).map(({ why }) => why);
    return { sources, ports, watchPorts, watch, said };
  }

  it('tells once, and resolves itself', async () => {
    const { sources, watch, said } = opened();
    await watch('15:04');
    expect(said()).toEqual([]);
    await watch('15:05');
    await watch('15:06');
    expect(said()).toEqual(['first']);
    sources.set('bars', { ...(sources.get('bars') ?? { name: 'bars' }), lastAt: at('15:07') });
    await watch('15:08');
    await watch('15:09');
    expect(said()).toEqual(['first', 'resolved']);
    expect(silentNames([...sources.values()], at('15:09'), PATIENCE)).toEqual([]);
    await watch('15:20');
    expect(said()).toEqual(['first', 'resolved', 'first']);
    expect(silentNames([...sources.values()], at('15:21'), PATIENCE)).toEqual(['bars']);
  });

  it.each([['15:00'], ['never']])('tells anew in the next session of a source that was heard: %s', async (heard) => {
    const { sources, ports, watch, said } = opened();
    if (heard === 'never') sources.set('bars', { name: 'bars', lastAt: 0 });
    await watch('15:05');
    // Nothing more happens for a day, so the alert is resolved: somebody who did not act must hear of it again.
    ports.time.now = at('15:06', '28');
    await sweep(ports, () => true);
    await watch('14:34', '30');
    const before = said();
    expect(before).toEqual(['first', ...before.slice(1, -1), 'resolved']);
    await watch('14:35', '30');
    await watch('14:36', '30');
    expect(said()).toEqual([...before, 'first']);
    sources.set('bars', { ...(sources.get('bars') ?? { name: 'bars' }), lastAt: at('14:37', '30') });
    await watch('14:38', '30');
    expect(said()).toEqual([...before, 'first', 'resolved']);
  });

  it('does not notify anew of a silence whose alert is still open', async () => {
    const { sources, watch, said } = opened();
    sources.set('bars', { name: 'bars', lastAt: at('20:50', '24') });
    await watch('20:55', '24');
    await watch('14:35', '25');
    await watch('14:36', '25');
    expect(said()).toEqual(['first']);
  });

  it('resolves in a later session what it told of in an earlier one', async () => {
    const { sources, watch, said } = opened();
    await watch('17:55');
    sources.set('bars', { ...(sources.get('bars') ?? { name: 'bars' }), lastAt: at('14:31', '30') });
    await watch('14:32', '30');
    expect(said()).toEqual(['first', 'resolved']);
    expect(silentNames([...sources.values()], at('14:33', '30'), PATIENCE)).toEqual([]);
  });

  it('a crash before its last write tells nothing twice', async () => {
    const { watchPorts, said, watch } = opened();
    const { setQuiet } = watchPorts.sources;
    watchPorts.sources.setQuiet = () => Promise.reject(new Error('crash'));
    await expect(watch('15:05')).rejects.toThrow('crash');
    watchPorts.sources.setQuiet = setQuiet;
    await watch('15:06');
    expect(said()).toEqual(['first']);
  });
});

describe('the stream itself, on a fleet without the setting sources', () => {
  const table = stateTable();
  const SUBJECT = 'tech/source:stream/silent-source';
  beforeEach(async () => {
    const { client, table: TableName } = table();
    for (const name of ['stream', 'bars'])
      await client.send(
        new DeleteItemCommand({ TableName, Key: { pk: { S: 'SOURCES' }, sk: { S: `SOURCE#${name}` } } }),
      );
  });

  function opened({ watched = [], minutes }: { watched?: string[]; minutes?: number | null } = {}) {
    const { sources: names, streamQuietMinutes } = marketSettings.parse({
      sources: watched,
      ...(minutes !== undefined && { streamQuietMinutes: minutes }),
    });
    const streamMs = streamQuietMinutes === null ? null : streamQuietMinutes * MINUTE;
    const sources = dynamodbSources({ ...table(), watched: names });
    const ports = memoryPorts();
    const watchPorts = { sources, raise: (matches: Parameters<typeof raise>[1]) => raise(ports, matches) };
    const watch = (time: string) => {
      ports.time.now = at(time);
      return watchSources(watchPorts, ['tech'], ports.time.now, { streamMs, since: at('14:00') });
    };
    const silent = async (time: string) => silentNames(await sources.list(), at(time), { streamMs });
    const handled = async (source: string, time: string) => {
      const tally = new Tally();
      tally.note({ time: at(time), late: false, source, arrivedAt: at(time) });
      await tally.flush({ add: async () => undefined }, sources);
    };
    const told = () => [...ports.alerts.items.values()].map(({ id, severity, state }) => [id, severity, state]);
    return { ports, watch, silent, handled, told };
  }

  it('is an urgent alert when no event has come for five minutes, until one comes', async () => {
    const { ports, watch, handled, told } = opened();
    await handled('anybody', '15:00');
    await watch('15:04');
    expect(told()).toEqual([]);
    await watch('15:05');
    expect(told()).toEqual([[SUBJECT, 'urgent', 'open']]);
    expect(ports.alerts.items.get(SUBJECT)?.title).toBe(
      'The stream is quiet: no event has come since 10:00 in New York, and the exchange is open.',
    );
    await handled('somebody else', '15:06');
    await watch('15:07');
    expect(told()).toEqual([[SUBJECT, 'urgent', 'resolved']]);
  });

  it('is one alert also if single sources are watched, whose turn comes when others send', async () => {
    const { watch, handled, told } = opened({ watched: ['bars'] });
    await handled('bars', '16:00');
    await watch('16:05');
    expect(told()).toEqual([[SUBJECT, 'urgent', 'open']]);
    await handled('news', '16:06');
    await watch('16:07');
    expect(told()).toEqual([
      [SUBJECT, 'urgent', 'resolved'],
      ['tech/source:bars/silent-source', 'urgent', 'open'],
    ]);
  });

  it('is not watched before it has brought an event, such as without a feed or right after a deploy', async () => {
    const { watch, silent, handled, told } = opened();
    await watch('16:00');
    expect(told()).toEqual([]);
    expect(await silent('16:00')).toEqual([]);
    await handled('anybody', '16:01');
    await watch('16:06');
    expect(told()).toEqual([[SUBJECT, 'urgent', 'open']]);
    expect(await silent('16:06')).toEqual(['stream']);
  });

  it('may be quiet for as long as is set', async () => {
    const { watch, silent, handled, told } = opened({ minutes: 60 });
    await handled('filings', '15:00');
    await watch('15:59');
    expect(told()).toEqual([]);
    expect(await silent('15:59')).toEqual([]);
    await watch('16:00');
    expect(told()).toEqual([[SUBJECT, 'urgent', 'open']]);
  });

  it('is not watched if that is set', async () => {
    const { watch, silent, handled, told } = opened({ minutes: null });
    await handled('anybody', '15:00');
    await watch('17:00');
    expect(told()).toEqual([]);
    expect(await silent('17:00')).toEqual([]);
  });

  it('leaves a source that is named and was never heard five minutes from the first portfolio on', () => {
    const patience = { ...PATIENCE, since: at('15:00') };
    expect(isSilent({ name: 'bars', lastAt: 0 }, at('15:04'), patience)).toBe(false);
    expect(isSilent({ name: 'bars', lastAt: 0 }, at('15:05'), patience)).toBe(true);
    // Who saves a portfolio again does not make it a new fleet.
    expect(isSilent({ name: 'bars', lastAt: at('14:50') }, at('15:05'), { ...PATIENCE, since: at('15:04') })).toBe(
      true,
    );
  });
});

describe('sources in DynamoDB', () => {
  const table = stateTable();
  const NEWS = { name: 'news', lastAt: 0 };
  const ANY = { name: 'stream', lastAt: 0 };

  it('keeps nothing of a source that nobody watches: a producer may invent names', async () => {
    const { client, table: name } = table();
    const sources = dynamodbSources({ client, table: name, watched: ['filings'] });
    await sources.heard('SELL EVERYTHING, call 555-0100', 100 * MINUTE);
    await sources.heard('market-monitor/router', 100 * MINUTE);
    expect(await sources.list()).toEqual([ANY, { name: 'filings', lastAt: 0 }]);
    const { Count } = await client.send(new ScanCommand({ TableName: name }));
    expect(Count).toBe(0);
  });

  it('note when they were heard, and that they are silent', async () => {
    const watched = ['bars', 'news'];
    const sources = dynamodbSources({ ...table(), watched });
    await sources.heard('bars', 100 * MINUTE);
    await sources.heard('bars', 100 * MINUTE + 1);
    await sources.setQuiet('bars', 5);
    expect(await sources.list()).toEqual([ANY, { name: 'bars', lastAt: 100 * MINUTE, quietSince: 5 }, NEWS]);
    await sources.heard('bars', 101 * MINUTE);
    await sources.setQuiet('bars', null);
    // Another function with an older clock.
    await dynamodbSources({ ...table(), watched }).heard('bars', 99 * MINUTE);
    expect(await sources.list()).toEqual([ANY, { name: 'bars', lastAt: 101 * MINUTE }, NEWS]);
  });
});
