import { createHmac } from 'node:crypto';
import type { Hmac } from '#core/callbacks/signing.ts';

/** HMAC-SHA-256 with Node's crypto. */
export const hmacSha256: Hmac = (key, text) => createHmac('sha256', key).update(text).digest();
