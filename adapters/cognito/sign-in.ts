import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error';
import { signedInSchema } from '#core/keys/user-caller.ts';
import type { SignInTokens } from '#core/ports/sign-in.ts';

/** The public keys of a user pool, as it publishes them. */
type PublicKeys = Parameters<ReturnType<typeof verifierFor>['cacheJwks']>[0];

export interface CognitoOptions {
  /** Id of the user pool. It is the fleet's own, so every client of it is the console. */
  readonly userPool: string;
  /** @default the user pool's published keys, fetched once for each key */
  readonly publicKeys?: PublicKeys;
}

const verifierFor = (userPoolId: string) =>
  CognitoJwtVerifier.create({ userPoolId, tokenUse: 'access', clientId: null });

/** Verifies access tokens of an Amazon Cognito user pool. A token of a person who was signed out is valid until it expires. */
export function cognitoSignIn({ userPool, publicKeys }: CognitoOptions): SignInTokens {
  const verifier = verifierFor(userPool);
  if (publicKeys !== undefined) verifier.cacheJwks(publicKeys);
  return {
    async verify(token) {
      try {
        const { sub: subject, 'cognito:groups': groups = [] } = await verifier.verify(token);
        return signedInSchema.parse({ subject, groups });
      } catch (error) {
        // Keys that cannot be fetched say nothing about the token: the alarm shall ring.
        if (error instanceof JwtBaseError && !(error instanceof FetchError)) return null;
        throw error;
      }
    },
  };
}
