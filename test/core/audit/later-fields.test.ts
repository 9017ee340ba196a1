import { describe, expect, it } from 'vitest';
import {
  auditEntrySchema,
  auditHeadSchema,
  entryHash,
  entryText,
  genesis,
  type AuditEntry,
} from '#core/audit/entry.ts';
import { verifyTrail } from '#core/audit/verify.ts';
import { digest, ids, keptAt } from './histories.ts';

const place = { taskId: 'support-1', createdAt: 7, step: 0, epoch: 1, agent: 'support', tool: 'refund' };
const before: AuditEntry = {
  ...place,
  phase: 'before',
  at: 100,
  model: 'claude-haiku-5-5',
  contentDigest: digest('input'),
  previous: genesis(ids, place.taskId, place.createdAt),
};

describe('R1: an audit entry of a newer release', () => {
  const newer = { region: 'eu-west-1', approvedBy: { name: 'ann', at: 5 }, ...before } as AuditEntry;

  it('has the same text and hash in a release that does not know all of its fields', () => {
    const text = entryText(newer);
    expect(text).toBe(`${entryText(before).slice(0, -1)},"approvedBy":{"name":"ann","at":5},"region":"eu-west-1"}`);
    const read = auditEntrySchema.parse(JSON.parse(text));
    expect(entryText(read)).toBe(text);
    expect(entryHash(ids, read)).toBe(entryHash(ids, newer));
  });

  it('is recorded unchanged by the worker that finds it announced on a task', () => {
    const head = { hash: entryHash(ids, newer), announced: newer };
    const { announced } = auditHeadSchema.parse(JSON.parse(JSON.stringify(head)));
    expect(announced && entryText(announced)).toBe(entryText(newer));
  });

  it('is verified: the chain is whole, and a change of a later field is found', () => {
    const after: AuditEntry = {
      ...place,
      phase: 'after',
      at: 101,
      contentDigest: digest('output'),
      outcome: 'ok',
      previous: entryHash(ids, newer),
    };
    const task = { head: { hash: entryHash(ids, after) }, ended: true };
    const verdict = (first: AuditEntry) => verifyTrail(ids, { ...place, kept: [keptAt(first), keptAt(after)], task });
    expect(verdict(newer)).toMatchObject({ whole: true, chain: [newer, after] });
    expect(verdict({ ...newer, region: 'us-east-1' } as AuditEntry)).toMatchObject({
      whole: false,
      findings: [{ fault: 'unlinked' }],
    });
  });

  it('and the text of release 0.2 has not changed', () => {
    expect(digest(entryText(before))).toBe('59de658b8b9f57580222cd441d4456e950d42aad04bfa81084ad4d644c0dde06');
    expect(entryText(before)).toMatch(
      /^\{"taskId":"support-1","createdAt":7,"step":0,"epoch":1,"agent":"support","tool":"refund","model":/,
    );
  });
});
