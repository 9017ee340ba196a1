import { isIP } from 'node:net';
import { z } from 'zod';
import { reachOf } from '#core/callbacks/address.ts';
import { hostOf } from '#core/callbacks/url.ts';

/** Where the names below `.test` are served on this machine. */
export interface StandIn {
  readonly address: string;
  readonly port: number;
}

/**
 * The schema of `WEB_STAND_IN`, such as `http://127.0.0.1:4480`: the local server that has the sites of the names below
 * `.test` (RFC 6761 keeps them for tests). Nothing on AWS sets it.
 */
export const standInSchema = z.string().transform((text, context): StandIn => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const address = url === null ? '' : hostOf(url);
  const plain = url?.protocol === 'http:' && url.pathname === '/' && url.search === '' && url.username === '';
  if (!plain || isIP(address) === 0 || !isLoopback(address) || url.port === '') {
    context.addIssue({
      code: 'custom',
      message: 'must be an http URL of a loopback address and a port, such as http://127.0.0.1:4480',
    });
    return z.NEVER;
  }
  return { address, port: Number(url.port) };
});

const isLoopback = (address: string): boolean =>
  reachOf(address) === 'private' && (address === '::1' || address.startsWith('127.'));

/** Whether a URL's host is one of the stand-in's. Only plain HTTP is: the stand-in has no certificates. */
export const isStandInHost = (url: URL): boolean => url.protocol === 'http:' && /\.test\.?$/.test(url.hostname);
