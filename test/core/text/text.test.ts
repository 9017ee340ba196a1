import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from '#core/callbacks/excerpt.ts';
import { turnOf } from '#core/sessions/turn.ts';
import { shorten, startOf, wellFormed } from '#core/text/text.ts';
import { table } from '../../../cli/terminal/table.ts';

/** Text with emoji and other characters of two units, such as 🙂. */
const whole = fc.string({ unit: 'binary', maxLength: 400 }).map((text) => text.toWellFormed());
/** Text that may contain halves of them. */
const anyText = fc
  .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 400 })
  .map((units) => String.fromCharCode(...units));

describe('text is cut between characters', () => {
  it('startOf leaves no half of a character, nor more than one unit too few', () => {
    fc.assert(
      fc.property(whole, fc.nat(450), (text, length) => {
        const start = startOf(text, length);
        expect(start.isWellFormed()).toBe(true);
        expect(text.startsWith(start)).toBe(true);
        expect(start.length).toBeLessThanOrEqual(length);
        expect(start.length).toBeGreaterThanOrEqual(Math.min(text.length, length - 1));
      }),
    );
  });

  it('shorten marks what is left out, and keeps to the length', () => {
    expect(shorten('🙂🙂', 4)).toBe('🙂🙂');
    expect(shorten('🙂🙂🙂', 4)).toBe('🙂…');
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 450 }), (text, length) => {
        const short = shorten(text, length);
        expect(short.isWellFormed()).toBe(true);
        expect(short.length).toBeLessThanOrEqual(length);
        expect(short === text).toBe(text.length <= length);
      }),
    );
  });

  it('in a session’s turns, a receiver’s answer and a table of the terminal', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 40, max: 400 }), (text, length) => {
        const { user, assistant } = turnOf({ user: text, assistant: text }, length);
        expect([user, assistant].every((said) => said.isWellFormed())).toBe(true);
        expect(excerptOf(text).isWellFormed()).toBe(true);
        const cell = text.toWellFormed();
        expect(table([{ name: 'Text', flexible: true }], [[cell]], length).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('well-formed values', () => {
  it('replace each half of a character in texts and keys, at any depth', () => {
    expect(wellFormed({ a: ['x\ud83d', { 'k\udc00': 1 }], b: '🙂', c: null })).toEqual({
      a: ['x�', { 'k�': 1 }],
      b: '🙂',
      c: null,
    });
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(JSON.stringify(wellFormed(value)).isWellFormed()).toBe(true);
        expect(/\\ud[89a-f]/.test(JSON.stringify(wellFormed(value)))).toBe(false);
      }),
    );
  });

  it('are the same value if nothing had to change', () => {
    const value = { a: ['🙂', { b: 1 }] };
    expect(wellFormed(value)).toBe(value);
  });
});
