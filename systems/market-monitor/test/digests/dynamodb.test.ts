import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbCounts, dynamodbDigests, dynamodbFindings } from '../../digests/dynamodb-digests.ts';
import { makeDigest } from '../../digests/make-digest.ts';
import { summed } from '../../digests/counts.ts';
import { NOW } from '../alerts/support.ts';
import { analysis, finding, inputOf } from './support.ts';

describe('digests in DynamoDB', () => {
  const at = stateTable();

  it('keeps findings, each once', async () => {
    const findings = dynamodbFindings(at());
    const [first, second] = [finding({ id: 'a' }), analysis('t', 'Because.')];
    await findings.put(first);
    await findings.put({ ...first, title: 'another' });
    await findings.put(second);
    await findings.putLate(first, '2026-11-27T15');
    expect(await findings.of('tech', '2026-11-27T14')).toEqual([first, second]);
    expect(await findings.of('tech', '2026-11-27T15')).toEqual([]);
    expect(await findings.lateFor('tech', '2026-11-27T15')).toEqual([first]);
  });

  it('keeps digests, each once, and how far they have come', async () => {
    const digests = dynamodbDigests(at());
    const digest = makeDigest(inputOf({ findings: [finding({ id: 'a' })] }));
    const record = { portfolio: 'tech', period: digest.period.id, revision: 1, madeAt: NOW, included: ['a'], digest };
    expect(await digests.get('tech', digest.period.id)).toBeNull();
    expect(await digests.put(record)).toBe('written');
    expect(await digests.put(record)).toBe('refused');
    expect(await digests.get('tech', digest.period.id)).toEqual(record);
    const live = { from: digest.period.id, hour: digest.period.id };
    expect(await digests.closed('tech')).toBeNull();
    expect(await digests.close('tech', { version: 1, live })).toBe('written');
    expect(await digests.close('tech', { version: 1, live })).toBe('refused');
    expect(await digests.closed('tech')).toEqual({ version: 1, live });
  });

  it('adds counts', async () => {
    const counts = dynamodbCounts(at());
    expect(await counts.of('2026-11-27T14')).toBeNull();
    await Promise.all(Array.from({ length: 5 }, () => counts.add('2026-11-27T14', { events: 100, rejected: 1 })));
    expect(await counts.of('2026-11-27T14')).toEqual({ events: 500, rejected: 5, outOfOrder: 0 });
    expect(summed([await counts.of('2026-11-27T14'), null])).toMatchObject({ events: 500 });
    expect(summed([null])).toBeNull();
  });
});
