import { expect, test } from 'vitest';
import { startLocalFleet } from '../e2e/support/local-fleet.ts';

/** The stack of the console boots on one machine, where nobody signs in and the command line serves the page. */
test.each(['key', 'cognito'])('a fleet whose people sign in by %s runs on one machine', async (signIn) => {
  await using fleet = await startLocalFleet({
    stacks: ['assistant'],
    context: { console: JSON.stringify({ signIn }) },
  });
  expect(fleet.output('console', 'ConsoleUrl')).toMatch(/^https:\/\/.*\/console\/$/);
  for (const token of ['flk_unknown-key-0000000000', 'e30.e30.c2lnbmF0dXJl']) {
    const { status } = await fetch(`${fleet.url}/tasks`, { headers: { authorization: `Bearer ${token}` } });
    expect(status).toBe(401);
  }
});
