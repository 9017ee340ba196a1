import { expect, test } from 'vitest';
import { runbookSection } from '#cli/fleet/runbook.ts';

test('the section of an alarm is printed as it is in the runbook', () => {
  const section = runbookSection('docs/runbook.md#queue-age');
  expect(section).toMatch(/^## Queue age\n/);
  expect(section).toContain('**Act**');
  expect(section?.match(/^## /gm)).toHaveLength(1);
});

test('the section is also found by the URL that an environment configures', () => {
  expect(runbookSection('https://wiki.example.com/on-call/runbook#queue-age')).toMatch(/^## Queue age\n/);
});

test.for([
  'https://wiki.example.com/runbook#nowhere',
  'file:///docs/runbook.md#queue-age',
  'docs/runbook.md#nowhere',
  'docs/runbook.md',
  '../secrets.md#queue-age',
  '',
])('%s has no section', (reference) => {
  expect(runbookSection(reference)).toBeUndefined();
});
