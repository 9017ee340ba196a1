import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { quietStack } from '#core/failures/quiet-stack.ts';

class RateError extends Error {}

describe('quietStack', () => {
  it('names the error and the places in the code', () => {
    const [name, first] = quietStack(new RateError('no rate for NOK')).split('\n');
    expect(name).toBe('RateError');
    expect(first).toMatch(/^\s+at .*quiet-stack\.test\.ts:\d+:\d+/);
  });

  it.each(['the secret', 'first line\n    at secret (file.ts:1:2)', 'a\n\n    at the secret:3:4'])(
    'says nothing of the message %j',
    (message) => {
      const said = quietStack(new RateError(message));
      expect(said).not.toContain('secret');
      expect(said).toContain('quiet-stack.test.ts');
    },
  );

  it('says nothing of a message that was changed after the error was made', () => {
    const error = new RateError('the secret\n    at secret (file.ts:1:2)');
    error.message = 'another';
    error.name = 'secret';
    expect(quietStack(error)).not.toContain('secret');
  });

  it('follows causes, but not in circles', () => {
    const cause = new TypeError('the secret');
    expect(quietStack(new RateError('failed', { cause }))).toMatch(/\ncaused by TypeError\n\s+at /);
    cause.cause = cause;
    expect(quietStack(cause).match(/caused by/g)).toHaveLength(3);
  });

  it('has the places of what zod refuses, without the value', () => {
    const { error } = z.object({ secret: z.literal('x') }).safeParse({ secret: 'y' });
    expect(quietStack(error)).not.toContain('secret');
  });

  it('says so when no Error was thrown', () => {
    expect(quietStack('the secret')).toBe('A string was thrown, not an Error.');
  });
});
