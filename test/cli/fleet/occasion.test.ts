import { expect, test } from 'vitest';
import { settingsFor } from '#cli/fleet/occasion.ts';

test('a fleet that is booted for a command has the one system that it needs, unless all are there already', () => {
  expect(settingsFor('research', () => false)).toEqual({ systems: 'research' });
  expect(settingsFor('research', () => true)).toEqual({});
  expect(settingsFor(undefined, () => false)).toEqual({});
});
