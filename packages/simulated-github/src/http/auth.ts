import { createVerify } from 'node:crypto';
import { z } from 'zod';
import type { Permission } from '../options.ts';
import type { Actor, Repository, User } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { ApiError, notFound } from './api-error.ts';

const badCredentials = (): ApiError => new ApiError(401, 'Bad credentials');

/** Returns whom the header `Authorization` stands for. Throws 401 for a token that is unknown or has expired. */
export function authenticate(world: World, header: string | undefined): Actor {
  if (header === undefined) return { kind: 'anonymous' };
  const token = /^(?:bearer|token) +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) throw badCredentials();
  const known = world.tokens.get(token);
  if (known !== undefined) {
    if (world.now() >= known.expiresAt) throw badCredentials();
    return known.actor;
  }
  if (token.split('.').length !== 3) throw badCredentials();
  checkAppToken(world, token);
  return { kind: 'app' };
}

const claimsSchema = z.object({ iat: z.number(), exp: z.number(), iss: z.union([z.string(), z.number()]) });

/** Checks a JWT that an app signed: RS256, its own `iss`, `iat` in the past and `exp` within ten minutes. */
function checkAppToken(world: World, token: string): void {
  const undecodable = new ApiError(401, 'A JSON web token could not be decoded');
  const [header = '', payload = '', signature = ''] = token.split('.');
  const algorithm = z.object({ alg: z.literal('RS256') }).safeParse(parsePart(header));
  const claims = claimsSchema.safeParse(parsePart(payload));
  if (!algorithm.success || !claims.success) throw undecodable;
  const verify = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  if (!verify.verify(world.publicKey, signature, 'base64url')) throw undecodable;
  const { iat, exp, iss } = claims.data;
  const now = world.now() / 1_000;
  if (String(iss) !== String(world.options.app.id)) throw new ApiError(401, 'Integration not found');
  if (iat > now + 60) {
    const rule = 'must be an Integer representing the time that the assertion was issued';
    throw new ApiError(401, `'Issued at' claim ('iat') ${rule}`);
  }
  if (exp <= now) {
    const rule = 'must be a numeric value representing the future time at which the assertion expires';
    throw new ApiError(401, `'Expiration time' claim ('exp') ${rule}`);
  }
  if (exp > now + 600) throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** The user of a token that writes reviews and comments. Undefined for an app and without a token. */
export const userOf = (actor: Actor): User | undefined => ('user' in actor ? actor.user : undefined);

/** Names the account whose rate limits a request counts against. */
export function limitKey(actor: Actor): string {
  if (actor.kind === 'installation') return `installation:${actor.installation.id}`;
  return actor.kind === 'personal' ? `user:${actor.user.id}` : actor.kind;
}

export const canSee = (actor: Actor, repository: Repository): boolean => {
  if (actor.kind === 'anonymous' || actor.kind === 'app') return false;
  if (actor.repositoryIds !== undefined && !actor.repositoryIds.has(repository.id)) return false;
  return actor.kind === 'personal' || repository.installation === actor.installation;
};

/** What a route needs of the token. Several permissions mean that any of them is enough. */
export interface Need {
  readonly permissions: readonly Permission[];
  readonly level: 'read' | 'write';
}

/** Throws 404 for a repository that the token cannot see, and 403 when the token lacks the permission. */
export function checkAccess(actor: Actor, repository: Repository | undefined, need: Need): Repository {
  if (repository === undefined || !canSee(actor, repository)) throw notFound();
  const granted = 'permissions' in actor ? actor.permissions : {};
  const allowed = need.permissions.some(
    (name) => granted[name] === 'write' || (need.level === 'read' && granted[name] === 'read'),
  );
  if (allowed || need.permissions.includes('metadata')) return repository;
  const whom = actor.kind === 'personal' ? 'personal access token' : 'integration';
  const accepted = need.permissions.map((name) => `${name}=${need.level}`).join('; ');
  throw new ApiError(403, `Resource not accessible by ${whom}`, {
    headers: { 'x-accepted-github-permissions': accepted },
  });
}
