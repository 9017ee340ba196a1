import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';

const nowhere = (): boolean => false;

describe('the browser of the tests', () => {
  it('is the program that CHROMIUM names, else one of the usual ones', () => {
    expect(findChromium({ CHROMIUM: '/opt/chromium' }, () => true)).toBe('/opt/chromium');
    expect(findChromium({ CHROMIUM: '' }, (path) => path === '/usr/bin/google-chrome')).toBe('/usr/bin/google-chrome');
  });

  it('may be missing on a machine of a person, but not in CI', () => {
    expect(findChromium({}, nowhere)).toBeUndefined();
    expect(() => findChromium({ CI: 'true' }, nowhere)).toThrow('Tests of pages need Chromium in CI.');
  });
});
