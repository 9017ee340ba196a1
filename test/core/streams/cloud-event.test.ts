import { describe, expect, it } from 'vitest';
import { cloudEventSchema } from '#core/streams/cloud-event.ts';

const event = {
  specversion: '1.0',
  id: 'b-1',
  source: 'bars',
  type: 'market.bar.v1',
  subject: 'cik:0000320193',
  time: '2026-11-30T14:30:00Z',
  data: {},
};

describe('an event', () => {
  it('keeps attributes that are unknown', () => {
    expect(cloudEventSchema.parse({ ...event, region: 'eu' })).toEqual({ ...event, region: 'eu' });
  });

  it.each([
    ['specversion', '0.3'],
    ['id', ''],
    ['subject', undefined],
    ['time', 'yesterday'],
    ['sequence', '-1'],
    ['expirytime', '2026-11-30'],
  ])('with the %s %j is rejected by name', (field, value) => {
    const { error } = cloudEventSchema.safeParse({ ...event, [field]: value });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});
