import { queryClient } from '../api/query-client.ts';
import { forgetKey } from '../api/session.ts';
import { signedOut } from '../api/signed-out.ts';
import { endRenewals, goToSignOut } from './cognito.ts';
import { readSettings } from './settings.ts';

/** Forgets the key, what renews it and all that was read with it. With Cognito, the session of its page ends too. */
export async function signOut(): Promise<void> {
  endRenewals();
  forgetKey();
  queryClient.clear();
  signedOut.set(true);
  const settings = await readSettings();
  if (settings.signIn === 'cognito') goToSignOut(settings);
}
