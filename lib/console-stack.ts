import { Duration } from 'aws-cdk-lib';
import { ManagedLoginVersion, OAuthScope, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { ApiStack } from './api-stack.ts';
import { ConsoleFiles } from './constructs/console-files.ts';
import { ConsoleSite } from './constructs/console-site.ts';
import type { ConsoleUsers } from './constructs/console-users.ts';
import { FleetStack, type PlaceProps } from './fleet-stack.ts';

export interface ConsoleStackProps extends PlaceProps {
  readonly api: ApiStack;
}

/** How the page signs people in: the file `config.json` beside it. */
type SignInSettings = Readonly<Record<string, string>>;

/** The console of an environment and region: the page and the task API on one origin. */
export class ConsoleStack extends FleetStack {
  readonly files: ConsoleFiles;

  constructor(scope: Construct, { config, region, api }: ConsoleStackProps) {
    super(scope, { config, region, system: 'console', description: 'The console in the browser' });
    const { users } = api;
    // The page exchanges its code for tokens there.
    const connect = users === undefined ? [] : [`https://${users.domainPrefix}.auth.${region}.amazoncognito.com`];
    const site = new ConsoleSite(this, 'Site', { api: api.api.rest, connect });
    const url = `https://${site.distribution.distributionDomainName}/console/`;
    const settings = users === undefined ? { signIn: 'key' } : this.#signIn(users, url);
    this.files = new ConsoleFiles(this, 'Files', { site, settings });
    this.tell({ ConsoleUrl: url });
  }

  /** The page gets tokens by an authorization code with PKCE, so that no secret lies in it. */
  #signIn({ pool, domainPrefix }: ConsoleUsers, url: string): SignInSettings {
    const page = new UserPoolDomain(this, 'SignInPage', {
      userPool: pool,
      cognitoDomain: { domainPrefix },
      managedLoginVersion: ManagedLoginVersion.CLASSIC_HOSTED_UI,
    });
    const client = new UserPoolClient(this, 'SignIn', {
      userPool: pool,
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [url],
        logoutUrls: [url],
      },
      accessTokenValidity: Duration.minutes(60),
      idTokenValidity: Duration.minutes(60),
      // A working day.
      refreshTokenValidity: Duration.hours(12),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    const issuer = `https://cognito-idp.${this.region}.amazonaws.com/${pool.userPoolId}`;
    return { signIn: 'cognito', issuer, page: page.baseUrl(), clientId: client.userPoolClientId };
  }
}
