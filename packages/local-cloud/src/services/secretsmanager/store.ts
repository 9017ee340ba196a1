import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../json-file.ts';
import { ServiceError } from '../service.ts';

export interface StoreOptions {
  /** Folder of `secrets.json`. Without it, secrets exist in memory only. */
  readonly dataDir?: string | undefined;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

const Version = z.object({
  id: z.string(),
  createdAt: z.number(),
  stages: z.array(z.string()),
  string: z.string().optional(),
  /** Base64. */
  binary: z.string().optional(),
});

const Secret = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string().optional(),
  kmsKeyId: z.string().optional(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
  createdAt: z.number(),
  changedAt: z.number(),
  /** When it was marked for deletion, and when it will be deleted. */
  deletion: z.object({ at: z.number(), until: z.number() }).optional(),
  versions: z.array(Version),
});

export type Secret = z.output<typeof Secret>;
export type Version = z.output<typeof Version>;

/** A secret's value: text, or bytes in base64. */
export interface Value {
  readonly string?: string | undefined;
  readonly binary?: string | undefined;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const hasValue = ({ string, binary }: Value): boolean => string !== undefined || binary !== undefined;

/** One day in milliseconds. */
export const DAY_MS = 86_400_000;

/**
 * All secrets, in one file of mode 0600.
 *
 * 1. A name belongs to at most one secret, including a secret marked for deletion.
 * 2. A stage belongs to at most one version of a secret. The version that loses AWSCURRENT gets AWSPREVIOUS.
 * 3. A version without a stage is deleted.
 * 4. The value of a sealed secret is in memory only.
 */
export class SecretStore {
  readonly now: () => number;
  readonly #file: JsonFile<z.ZodArray<typeof Secret>>;
  readonly #arnPrefix: string;
  readonly #sealed = new Map<string, string>();
  #secrets: Secret[];

  constructor({ dataDir, account, region, now }: StoreOptions) {
    this.now = now ?? Date.now;
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${account}:secret:`;
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'secrets.json'), z.array(Secret));
    this.#secrets = this.#file.load() ?? [];
  }

  /** All secrets sorted by name, without those whose recovery window has ended. */
  get all(): readonly Secret[] {
    const now = this.now();
    this.#secrets = this.#secrets.filter(({ deletion }) => deletion === undefined || deletion.until > now);
    return this.#secrets;
  }

  /** Returns a secret by its name, its ARN, or its ARN without the six random characters. */
  find(id: string): Secret | undefined {
    return this.all.find(({ name, arn }) => name === id || arn === id || arn.slice(0, -7) === id);
  }

  /** Throws `ResourceNotFoundException`, or `InvalidRequestException` for a secret marked for deletion. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (secret === undefined) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    if (secret.deletion !== undefined) {
      const text =
        'You can’t perform this operation on the secret because it was marked for deletion. Restore it first.';
      throw new ServiceError('InvalidRequestException', text);
    }
    return secret;
  }

  /** An ARN for a secret of this name, with six random characters. */
  arnFor(name: string): string {
    const suffix = Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    return `${this.#arnPrefix}${name}-${suffix}`;
  }

  add(given: Pick<Secret, 'name' | 'description' | 'kmsKeyId' | 'tags'>): Secret {
    const now = this.now();
    const secret: Secret = {
      ...given,
      arn: this.arnFor(given.name),
      createdAt: now,
      changedAt: now,
      versions: [],
    };
    this.#secrets = [...this.all, secret].sort((left, right) => (left.name < right.name ? -1 : 1));
    return secret;
  }

  /**
   * Adds a version and moves the stages to it. Repeating a request token with the same value changes nothing.
   * Throws `ResourceExistsException` for a repeated token with a different value.
   */
  addVersion(
    secret: Secret,
    value: Value,
    token: string = randomUUID(),
    stages: readonly string[] = [CURRENT],
  ): Version {
    const existing = secret.versions.find(({ id }) => id === token);
    if (existing !== undefined) {
      if (existing.string === value.string && existing.binary === value.binary) return existing;
      throw new ServiceError(
        'ResourceExistsException',
        'A version with this ClientRequestToken already exists with a different value.',
      );
    }
    const version: Version = { id: token, createdAt: this.now(), stages: [...stages], ...value };
    for (const other of secret.versions) {
      const losesCurrent = stages.includes(CURRENT) && other.stages.includes(CURRENT);
      other.stages = other.stages.filter(
        (stage) => !stages.includes(stage) && !(stages.includes(CURRENT) && stage === PREVIOUS),
      );
      if (losesCurrent) other.stages.push(PREVIOUS);
    }
    secret.versions = [...secret.versions.filter((other) => other.stages.length > 0), version];
    secret.changedAt = this.now();
    return version;
  }

  /** Gives a secret a value that is never written to disk, and removes any that was. Throws when it does not exist. */
  seal(name: string, value: string): void {
    const secret = this.get(name);
    this.#sealed.set(secret.name, value);
    if (secret.versions.length === 1 && !secret.versions.some(hasValue)) return;
    secret.versions = [{ id: randomUUID(), createdAt: this.now(), stages: [CURRENT] }];
    this.save();
  }

  /** The value of a sealed secret; undefined for any other. */
  sealed(secret: Secret): string | undefined {
    return this.#sealed.get(secret.name);
  }

  remove(secret: Secret): void {
    this.#secrets = this.#secrets.filter((other) => other !== secret);
  }

  /** Writes all secrets to the file. Call it before the response to a change. */
  save(): void {
    this.#file.save([...this.all]);
  }
}
