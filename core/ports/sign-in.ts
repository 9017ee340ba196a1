import type { SignedIn } from '../keys/user-caller.ts';

/** Verifies the tokens of people who signed in to the console. */
export interface SignInTokens {
  /** Returns the person for whom a token was issued; null if it is expired or forged, or was issued for something else. */
  verify(token: string): Promise<SignedIn | null>;
}
