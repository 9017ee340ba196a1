import { createHash } from 'node:crypto';

const DIGITS = 12;

/**
 * How messages to people name an event. Its source and id are words of whoever sent it, and would be read as ours: only JSON
 * has them, beside this name.
 */
export const eventRef = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('hex')
    .slice(0, DIGITS);
