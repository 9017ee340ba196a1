import { describe, expect, it } from 'vitest';
import { fenced, plainMarkdown } from '../../github/plain-markdown.ts';

describe('text in Markdown', () => {
  it.each([
    ['![x](https://a.example/x.png)', /!\[|\]\(|:\/\//],
    ['[click](javascript:alert(1))', /\]\(/],
    ['<img src=x> <!-- hidden -->', /(?<!\\)</],
    ['@octocat and @octo-org/team', /@\w/],
    ['fixes #12 and octo-org/shop#3, GH-4', /(?<!\\)#|GH-\d/],
    ['see www.example.com', /www\./],
    ['line\n\n# heading\n- [ ] task', /\n|(?<!\\)#/],
    ['`code` **bold** ~~gone~~ | table |', /(?<!\\)[`*~|]/],
    ['&lt;script&gt;', /(?<!\\)&/],
  ])('becomes no markup: %s', (text, markup) => {
    expect(plainMarkdown(text)).not.toMatch(markup);
  });

  it('cannot end the code block that it stands in', () => {
    const block = fenced('suggestion', 'a\n```\n````\n<img>');
    expect(block.split('\n')[0]).toBe('`````suggestion');
    expect(block.endsWith('\n`````')).toBe(true);
  });
});
