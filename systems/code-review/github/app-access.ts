import { createSign } from 'node:crypto';
import { z } from 'zod';
import { GithubClient, GithubError, type GithubAccess } from './client.ts';

const apiUrl = z.url({ protocol: /^https?$/ }).optional();

/**
 * The content of the secret `github-app`, as JSON: a GitHub App, or the personal token of an account. `apiUrl` names
 * another GitHub than the configuration does.
 */
export const credentialsSchema = z.union(
  [
    z.object({ appId: z.number().int().positive(), privateKey: z.string().includes('PRIVATE KEY'), apiUrl }),
    z.object({ token: z.string().min(1), apiUrl }),
  ],
  'must be {"appId": 123, "privateKey": "-----BEGIN RSA PRIVATE KEY-----…"} or {"token": "…"}',
);
export type Credentials = z.infer<typeof credentialsSchema>;

/** The secret still has the value that it was created with. */
export class NoCredentials extends Error {}

/** Parses the content of the secret. Throws `NoCredentials` for what is no JSON, and a `ZodError`. */
export function parseCredentials(content: string): Credentials {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // Secrets Manager makes a random first value.
    throw new NoCredentials('The secret github-app holds no JSON. Put the app there: the README says how.');
  }
  return credentialsSchema.parse(value);
}

/** What a token may do: a reviewer reads code and writes reviews and check runs, nothing else. */
const PERMISSIONS = { contents: 'read', pull_requests: 'write', checks: 'write', metadata: 'read' };

/** GitHub's tokens of an installation are valid for an hour. */
const KEPT_MS = 50 * 60_000;
const tokenSchema = z.object({ token: z.string().min(1) });

export interface AppAccessOptions {
  /** Such as `https://api.github.com`. */
  readonly url: string;
  /** @param fresh whether a cached value is not good enough */
  readonly credentials: (fresh: boolean) => Promise<Credentials>;
  readonly now: () => number;
}

/** Gives access to repositories: by tokens of the app's installations, each for one repository, or by the personal token. */
export class AppAccess {
  readonly #options: AppAccessOptions;
  readonly #kept = new Map<string, { readonly access: GithubAccess; readonly until: number }>();

  #login: Promise<{ slug: string }> | undefined;

  constructor(options: AppAccessOptions) {
    this.#options = options;
  }

  /** Access to one repository. Throws `GithubError`, such as `forbidden` when the app is not installed there. */
  async to({ repository, installation }: AccessWanted): Promise<GithubAccess> {
    const credentials = await this.#credentials(false);
    if ('token' in credentials) return { url: this.#urlOf(credentials), token: credentials.token };
    if (installation === null)
      throw new GithubError('forbidden', 'The webhook names no installation, but the secret github-app holds an app.');
    const key = `${installation}/${repository.toLowerCase()}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#options.now()) return kept.access;
    const access = await this.#issueFor(installation, repository.split('/')[1] ?? '');
    this.#kept.set(key, { access, until: this.#options.now() + KEPT_MS });
    return access;
  }

  /** Drops all tokens, when GitHub knows one of them no more. */
  forget(): void {
    this.#kept.clear();
  }

  /** An app that may not write check runs reviews without them. */
  async #issueFor(installation: number, repository: string): Promise<GithubAccess> {
    const { checks: _, ...without } = PERMISSIONS;
    const wanted = { repositories: [repository] };
    try {
      return await this.#issue(installation, { ...wanted, permissions: PERMISSIONS });
    } catch (error) {
      if (!(error instanceof GithubError) || error.status !== 422) throw error;
      return this.#issue(installation, { ...wanted, permissions: without });
    }
  }

  /** Access to all repositories of an installation, to read only. */
  async toRead(installation: number): Promise<GithubAccess> {
    return this.#issue(installation, { permissions: { pull_requests: 'read', metadata: 'read' } });
  }

  /** The name of the app's user, such as `fleet-review[bot]`. Undefined for a personal token. */
  async login(): Promise<string | undefined> {
    const app = await this.asApp();
    if (app === null) return undefined;
    this.#login ??= new GithubClient(app).get('/app', z.object({ slug: z.string() }));
    try {
      return `${(await this.#login).slug}[bot]`;
    } catch (error) {
      this.#login = undefined;
      throw error;
    }
  }

  /** Access as the app itself: to its installations and its deliveries. Null for a personal token. */
  async asApp(fresh = false): Promise<GithubAccess | null> {
    const credentials = await this.#credentials(fresh);
    if ('token' in credentials) return null;
    return { url: this.#urlOf(credentials), token: appJwt(credentials, this.#options.now()) };
  }

  /** A secret that was set a moment ago may still be cached as the placeholder that it was before. */
  async #credentials(fresh: boolean): Promise<Credentials> {
    try {
      return await this.#options.credentials(fresh);
    } catch (error) {
      if (fresh) throw error;
      return this.#options.credentials(true);
    }
  }

  /** A changed secret may be cached, so a failure is tried once more with its present value. */
  async #issue(installation: number, wanted: object): Promise<GithubAccess> {
    try {
      return await this.#issueAs(await this.asApp(), installation, wanted);
    } catch (error) {
      if (!(error instanceof GithubError) || error.kind === 'throttled') throw error;
      return this.#issueAs(await this.asApp(true), installation, wanted);
    }
  }

  async #issueAs(app: GithubAccess | null, installation: number, wanted: object): Promise<GithubAccess> {
    if (app === null) throw new GithubError('forbidden', 'A personal token has no installations.');
    const path = `/app/installations/${installation}/access_tokens`;
    try {
      const { token } = await new GithubClient(app).post(path, wanted, tokenSchema);
      return { url: app.url, token };
    } catch (error) {
      // GitHub answers 422 for a repository or a permission that the installation does not have.
      if (!(error instanceof GithubError) || error.kind !== 'rejected') throw error;
      throw new GithubError('forbidden', error.message, 0, error.status);
    }
  }

  #urlOf({ apiUrl: url = this.#options.url }: Credentials): string {
    return url.replace(/\/$/, '');
  }
}

export interface AccessWanted {
  /** `owner/name` */
  readonly repository: string;
  readonly installation: number | null;
}

/**
 * A JWT of the app, dated back a minute, since clocks differ, and valid for nine, since GitHub allows ten.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
function appJwt({ appId, privateKey }: Extract<Credentials, { appId: number }>, now: number): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const seconds = Math.floor(now / 1_000);
  const claims = { iat: seconds - 60, exp: seconds + 540, iss: String(appId) };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}
