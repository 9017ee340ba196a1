import { describe, expect, it } from 'vitest';
import { actOnEscalation } from '#core/escalations/act.ts';
import { answerEscalation, CLAIM_MS, claimEscalation, releaseEscalation } from '#core/escalations/transitions.ts';
import { sampleEscalation } from '../../contract/samples.ts';
import { inMemoryEscalationStore } from '../../support/fakes/in-memory-escalation-store.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';

async function world() {
  const escalations = inMemoryEscalationStore();
  const clock = manualClock();
  const escalation = sampleEscalation();
  await escalations.create(escalation);
  const { id, tenant } = escalation;
  const at = { id, tenant };
  const ports = { escalations, clock };
  return {
    ...ports,
    id,
    claim: (by: string) => actOnEscalation(ports, at, (one, now) => claimEscalation(one, by, now)),
    release: (by: string) => actOnEscalation(ports, at, (one, now) => releaseEscalation(one, by, now)),
    answer: (by: string, key: string, reply = 'A refund is on its way.') =>
      actOnEscalation(ports, at, (one, now) => answerEscalation(one, { by, key, reply }, now)),
    actAs: (other: string) =>
      actOnEscalation(ports, { id, tenant: other }, (one, now) => claimEscalation(one, 'x', now)),
  };
}

describe('the claim of an escalation', () => {
  it('belongs to one person at a time, who can renew it', async () => {
    const w = await world();
    expect(await w.claim('ada')).toMatchObject({ ok: true });
    expect(await w.claim('bo')).toMatchObject({ ok: false, refusal: 'claimed' });
    w.clock.advance(CLAIM_MS - 1);
    const renewed = await w.claim('ada');
    expect(renewed).toMatchObject({ ok: true, escalation: { state: { until: w.clock.now() + CLAIM_MS } } });
    expect(await w.answer('bo', 'k')).toMatchObject({ ok: false, refusal: 'claimed' });
  });

  it('expires, so that an absent person does not keep a customer waiting', async () => {
    const w = await world();
    await w.claim('ada');
    w.clock.advance(CLAIM_MS);
    expect(await w.claim('bo')).toMatchObject({ ok: true });
    expect(await w.answer('ada', 'k')).toMatchObject({ ok: false, refusal: 'claimed' });
  });

  it('can be released only by its holder', async () => {
    const w = await world();
    await w.claim('ada');
    expect(await w.release('bo')).toMatchObject({ ok: false, refusal: 'claimed' });
    expect(await w.release('ada')).toMatchObject({ ok: true, escalation: { state: { status: 'open' } } });
    expect(await w.claim('bo')).toMatchObject({ ok: true });
  });

  it('goes to only one of many concurrent requests', async () => {
    const w = await world();
    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((by) => w.claim(by)));
    expect(claims.filter((claim) => claim?.ok)).toHaveLength(1);
  });
});

describe('the answer to an escalation', () => {
  it('acts once: the same answer changes nothing, and any other is rejected', async () => {
    const w = await world();
    await w.claim('ada');
    expect(await w.answer('ada', 'k1')).toMatchObject({ ok: true });
    expect(await w.answer('ada', 'k1')).toMatchObject({ ok: false, refusal: 'unchanged' });
    expect(await w.answer('ada', 'k1', 'No refund.')).toMatchObject({ ok: false, refusal: 'key-reused' });
    expect(await w.answer('ada', 'k2')).toMatchObject({ ok: false, refusal: 'answered' });
    expect(await w.answer('bo', 'k1')).toMatchObject({ ok: false, refusal: 'answered' });
    expect(await w.claim('bo')).toMatchObject({ ok: false, refusal: 'answered' });
    expect((await w.escalations.get(w.id))?.state).toMatchObject({ by: 'ada', reply: 'A refund is on its way.' });
  });

  it('is only one of many concurrent answers', async () => {
    const w = await world();
    const answers = await Promise.all(['a', 'b', 'c'].map((by) => w.answer(by, `key-${by}`)));
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(1);
  });

  it('I8: another tenant’s escalation does not exist', async () => {
    const w = await world();
    expect(await w.actAs('mallory')).toBeNull();
    expect((await w.escalations.get(w.id))?.state.status).toBe('open');
  });
});
