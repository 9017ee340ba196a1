import { isLocal } from '#cli/api/target.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { credentialsSchema } from '../../../github/app-access.ts';
import type { FleetSecrets } from '../fleet-place.ts';

const ASK_MS = 1_000;

/**
 * Lends the secret with the app's key to the simulated GitHub, and puts back what it was. Throws wrong usage, and changes
 * nothing, when it holds the key of a real app or that of a demo that runs.
 */
export async function withBorrowedSecret(
  secrets: Pick<FleetSecrets, 'read' | 'write'>,
  name: string,
  value: object,
  act: () => Promise<void>,
): Promise<void> {
  const before = await secrets.read(name);
  await requireFree(name, before);
  await secrets.write(name, JSON.stringify(value));
  try {
    await act();
  } finally {
    await secrets.write(name, before);
  }
}

async function requireFree(name: string, content: string): Promise<void> {
  const credentials = credentialsSchema.safeParse(parsed(content)).data;
  if (credentials === undefined) return;
  const { apiUrl } = credentials;
  if (apiUrl === undefined || !isLocal(apiUrl))
    throw wrongUsage(
      `The secret ${name} holds the key of a real app, which a demo must not replace.`,
      'Let the demo start a fleet of its own, in another folder: FLEET_HOME=~/fleet-demo npm run fleet -- github demo',
    );
  // A demo that was killed leaves the key of a GitHub that is gone.
  const signal = AbortSignal.timeout(ASK_MS);
  const isThere = await fetch(apiUrl, { signal }).then(
    ({ headers }) => headers.has('x-simulated-github'),
    () => false,
  );
  if (isThere) throw wrongUsage(`A demo runs already: ${apiUrl}`, 'Stop it with Ctrl-C, or use it.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
