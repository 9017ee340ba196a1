import { expect, it } from 'vitest';
import { systems } from '#bin/systems.ts';
import { Findings } from './findings.ts';
import { fleetHas, phaseWith } from './needs.ts';

it('a phase of a system that is not deployed does nothing, and its check says why', async () => {
  const findings = new Findings(() => undefined);
  const reached = () => Promise.reject(new Error('The stack has no output UploadBucket.'));
  expect(await phaseWith('documents', 'one document', findings, reached, false)).toBeUndefined();
  expect(findings.findings).toEqual([
    {
      phase: 'one document',
      check: 'one document',
      outcome: 'not checked',
      detail: 'the documents system is not deployed',
    },
  ]);
  expect(findings.failed).toEqual([]);
});

it('a phase of a system that is deployed runs, and its failure is a failure', async () => {
  const findings = new Findings(() => undefined);
  expect(await phaseWith('assistant', 'tasks', findings, () => Promise.resolve(3))).toBe(3);
  expect(findings.findings).toEqual([]);
  const broken = () => Promise.reject(new Error('broken'));
  await expect(phaseWith('assistant', 'tasks', findings, broken)).rejects.toThrow('broken');
});

it('the fleet has the systems of bin/systems.ts', () => {
  expect(systems.map(({ name }) => name).filter((name) => !fleetHas(name))).toEqual([]);
  expect(fleetHas('nobody')).toBe(false);
});
