import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthorizeCall, Caller, Service } from '../services/service.ts';
import type { Principals } from './principals.ts';
import type { Signed } from './sigv4/signature.ts';
import type { Verifier } from './sigv4/verifier.ts';

/** What handles requests. */
export interface Handling {
  readonly services: ReadonlyMap<string, Service>;
  readonly principals: Principals;
  readonly authorize: AuthorizeCall;
  readonly verifier: Verifier;
  /** Takes what concerns other regions. @default this is the only region */
  readonly regions?: TakesRequests | undefined;
}

export interface TakesRequests {
  /** Handles a request and returns true, or returns false for one that this region's services handle. */
  take(request: IncomingMessage, response: ServerResponse, signed: Signed, handling: Handling): boolean;
}

/** Until its signature is verified, a request has no caller. */
export const NOBODY: Caller = { accessKeyId: '', principal: 'nobody' };
