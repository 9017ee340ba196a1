import { expect, it } from 'vitest';
import { fragment, raw } from '#core/text/markup.ts';
import { EVIL } from '../../support/evil-markup.ts';

it('text never becomes markup, neither between tags nor in an attribute', () => {
  const { markup } = fragment`<p title="${EVIL}">${EVIL}</p>`;
  expect(markup.slice('<p title="'.length, -'</p>'.length).replace('">', '')).not.toMatch(/[<>"']/);
  expect(markup).toContain('&lt;/title&gt;&lt;/style&gt;&lt;/script&gt;&lt;svg onload=document.title=4&gt;');
});

it('fragments, and lists of them, are inserted as they are', () => {
  const rows = ['a & b', 'c'].map((cell) => fragment`<td>${cell}</td>`);
  expect(fragment`<tr>${rows}</tr>${raw('<hr>')}`.markup).toBe('<tr><td>a &amp; b</td><td>c</td></tr><hr>');
});

it('what is absent shows nothing, and 0 shows', () => {
  expect(fragment`[${null}${undefined}${false}${0}]`.markup).toBe('[0]');
});

it('control characters, which HTML cannot have, become U+FFFD', () => {
  expect(fragment`a${'\u{0}\u{1b}\n'}b`.markup).toBe('a\u{fffd}\u{fffd}\nb');
});

it('characters that reorder text are shown as code points, and marks of right-to-left text are kept', () => {
  expect(fragment`if (a${'\u{202e}'}) ${'\u{2066}\u{2069}'} // ${'\u{200f}'}`.markup).toBe(
    'if (a[U+202E]) [U+2066][U+2069] // \u{200f}',
  );
});
